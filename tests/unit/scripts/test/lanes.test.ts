import { readdir } from "node:fs/promises";
import { join, matchesGlob, resolve } from "node:path";
import { expect, test } from "vitest";
import { labStages } from "../../../../scripts/test/lanes.ts";

const root = resolve(import.meta.dirname, "../../../..");

/** Whether Vitest would run the file with these arguments: exclusions are patterns, everything else a part of the path. */
function runs(file: string, args: readonly string[]): boolean {
  const excluded = args.filter((_, index) => args[index - 1] === "--exclude");
  const named = args.filter((arg) => arg !== "--exclude" && !excluded.includes(arg));
  return (
    !excluded.some((pattern) => matchesGlob(file, pattern)) &&
    (named.length === 0 || named.some((part) => file.includes(part)))
  );
}

test("every lab test is in exactly one lane", async () => {
  const names = await readdir(join(root, "tests/lab"));
  const files = names.filter((name) => name.endsWith(".test.ts")).map((name) => `tests/lab/${name}`);
  expect(files.length).toBeGreaterThan(20);
  const lanes = labStages.flat();
  for (const file of files) {
    expect(
      lanes.filter(({ args }) => runs(file, args)).map(({ name }) => name),
      file,
    ).toHaveLength(1);
  }
  for (const { name, args } of lanes) expect(files.filter((file) => runs(file, args)).length, name).toBeGreaterThan(0);
});

test("what ends the daemon runs with nothing beside it", () => {
  const stage = labStages.find((lanes) => lanes.some(({ args }) => runs("tests/lab/daemon.test.ts", args)));
  expect(stage).toHaveLength(1);
});
