import { expect, test } from "vitest";
import { conclude } from "#scripts/test/conclude.ts";

test("a test that did not run counts as failed, and the tally is the last line", () => {
  const { lines, exitCode } = conclude([
    { name: "unit", passed: 3, failed: 0, notRun: 0 },
    { name: "lab", passed: 1, failed: 1, notRun: 2 },
  ]);
  expect(lines).toEqual([
    "✓ unit      3 passed, 0 failed",
    "✗ lab       1 passed, 3 failed (2 of them did not run)",
    "4 passed, 3 failed",
  ]);
  expect(exitCode).toBe(1);
});

test("nothing is wrong where everything ran and passed", () => {
  expect(conclude([{ name: "lint", passed: 1, failed: 0, notRun: 0 }]).exitCode).toBe(0);
});
