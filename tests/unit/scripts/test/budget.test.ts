import { expect, test } from "vitest";
import { readBudget, timeLine } from "#scripts/test/budget.ts";
import { parts } from "#scripts/test/parts.ts";

test("every part that a plain run has has its minutes, an hour for all of them", async () => {
  const budget = await readBudget();
  const plain = Object.keys(parts).filter((name) => name !== "official");
  expect(Object.keys(budget).sort()).toEqual(["set-up", ...plain].sort());
  expect(Object.values(budget).reduce((sum, minutes) => sum + minutes, 0)).toBeLessThanOrEqual(60);
});

test("what a part took stands beside what it may take, and more than that is named", () => {
  const took = new Map([
    ["lint", 30],
    ["lab", 3600],
    ["official", 60],
  ]);
  expect(timeLine(took, { lint: 1, lab: 45 })).toBe(
    "minutes, of those in tests/budget.json: lint 0.5 of 1 · lab 60.0 of 45, over · official 1.0",
  );
});
