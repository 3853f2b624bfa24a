import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJsonFile } from "#components/lib/json-file.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-json-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("a file is what it says, and none is nothing", async () => {
  const file = join(directory, "good.json");
  await writeFile(file, '{"images":{}}');
  expect(readJsonFile(file, "rm it")).toEqual({ images: {} });
  expect(readJsonFile(join(directory, "none.json"), "rm it")).toBeUndefined();
});

test("what is no JSON, or no file, is told with the way out", async () => {
  const file = join(directory, "cut.json");
  await writeFile(file, '{"images":');
  const told = (path: string) => () => readJsonFile(path, `git checkout -- ${path}`);
  expect(told(file)).toThrow(new RegExp(`${file}: found no JSON: .*\n +type: git checkout -- ${file}`));
  await mkdir(join(directory, "folder.json"));
  expect(told(join(directory, "folder.json"))).toThrow(/folder\.json: found EISDIR/);
});
