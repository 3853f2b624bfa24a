import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { estateFiles } from "#lab/estate/paths.ts";
import type { EstateFiles } from "#lab/estate/paths.ts";
import { keepState, keptFile, rescueState, restoreKept } from "#scripts/engine/kept-state.ts";
import { readState, stateFile } from "#scripts/engine/state.ts";

let root = "";
let files: EstateFiles;
let file = "";

beforeEach(async () => {
  root = await mkdtemp(`${tmpdir()}/garrison-kept-`);
  files = estateFiles("office", "office", root);
  file = stateFile(files, "office");
  await mkdir(dirname(file), { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

/** A state with one resource. */
function stateWith(urn: string): string {
  return JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{ urn, type: "t", id: urn }] } } });
}

const cutOff = stateWith("newest").slice(0, 40);
const urns = async (): Promise<string[]> => (await readState(files, "office")).resources.map(({ urn }) => urn);

describe("a state that was cut off", () => {
  test("is taken from the engine's backup, the newest copy there is", async () => {
    await writeFile(file, stateWith("kept"));
    await keepState(files, "office");
    await writeFile(file, cutOff);
    await writeFile(`${file}.bak`, stateWith("backup"));
    expect(await rescueState(files, "office")).toBe(`${file}.bak`);
    expect(await urns()).toEqual(["backup"]);
  });

  test("is taken from the copy of our own where the backup is cut off too", async () => {
    await writeFile(file, stateWith("kept"));
    await keepState(files, "office");
    expect((await stat(keptFile(files, "office"))).mode & 0o777).toBe(0o600);
    await writeFile(file, cutOff);
    await writeFile(`${file}.bak`, cutOff);
    expect(await rescueState(files, "office")).toBe(keptFile(files, "office"));
    expect(await urns()).toEqual(["kept"]);
  });

  test("is told, and left as it is, where there is no copy", async () => {
    await writeFile(file, cutOff);
    await expect(rescueState(files, "office")).rejects.toThrow("cannot be read");
    expect(await readFile(file, "utf8")).toBe(cutOff);
  });
});

test("a state that can be read is left alone, and so is one that is not there", async () => {
  expect(await rescueState(files, "office")).toBeUndefined();
  await writeFile(file, stateWith("now"));
  await writeFile(`${file}.bak`, stateWith("backup"));
  expect(await rescueState(files, "office")).toBeUndefined();
  expect(await urns()).toEqual(["now"]);
});

test("a state that a step has made worse is put back as it was kept", async () => {
  await restoreKept(files, "office");
  await writeFile(file, stateWith("before"));
  await keepState(files, "office");
  await writeFile(file, stateWith("worse"));
  await restoreKept(files, "office");
  expect(await urns()).toEqual(["before"]);
});
