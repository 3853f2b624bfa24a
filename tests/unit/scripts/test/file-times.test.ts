import { expect, test } from "vitest";
import { renderTimes } from "#scripts/test/file-times.ts";

test("the slowest file comes first, and what is quick is summed up", () => {
  const times = [
    { file: "a.test.ts", loadMs: 100, runMs: 200 },
    { file: "b.test.ts", loadMs: 500, runMs: 700 },
    { file: "c.test.ts", loadMs: 0, runMs: 61_040 },
    { file: "d.test.ts", loadMs: 100, runMs: 300 },
  ];
  expect(renderTimes(times).split("\n")).toEqual([
    "Time of each file:",
    "     61.0 s  c.test.ts (0.0 s to load)",
    "      1.2 s  b.test.ts (0.5 s to load)",
    "      0.7 s  2 files under a second",
  ]);
});
