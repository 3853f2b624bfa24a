import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { giveNumbers } from "#components/wiring/give-numbers.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "garrison-test-"));
  file = join(directory, "attic.numbers.json");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const wanted = { services: ["page", "cache"], networks: [{ key: "page -> cache", suggestion: "page-cache" }] };

test("what is new gets the next number, who has one keeps it, and nothing else is left there", async () => {
  expect(giveNumbers(file, wanted)).toEqual(["page", "cache", "page -> cache"]);
  expect(giveNumbers(file, { ...wanted, services: ["front", "cache"] })).toEqual(["front"]);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
    services: { page: 1, cache: 2, front: 3 },
    networks: { "page -> cache": { name: "page-cache", number: 1 } },
  });
  expect(await readdir(directory)).toEqual(["attic.numbers.json"]);
});

test("a file that is in order is not written", async () => {
  giveNumbers(file, wanted);
  const text = `${await readFile(file, "utf8")}\n`;
  await writeFile(file, text);
  expect(giveNumbers(file, wanted)).toEqual([]);
  expect(await readFile(file, "utf8")).toBe(text);
});

test.each(["no JSON", '{"services":{"page":1,"cache":1},"networks":{}}'])(
  "a lock that cannot be used stays: %s",
  async (text) => {
    await writeFile(file, text);
    expect(() => giveNumbers(file, wanted)).toThrow(`Numbers in ${file}: 1 problem`);
    expect(await readFile(file, "utf8")).toBe(text);
  },
);
