import { expect, test } from "vitest";
import { readSweeps, sweepEnvironment, sweepLine } from "#scripts/test/sweeps.ts";

test("a run tries the part of each sweep that its seed chooses, and tells the seed", () => {
  const chosen = sweepEnvironment(false, {});
  expect(["0", "1", "2", "3"]).toContain(chosen.GARRISON_TEST_SEED);
  expect(sweepLine({ GARRISON_TEST_SEED: "2" }, { commit: "0123456789abcdef", date: "2026-11-30" })).toBe(
    "sweeps: a quarter of each, GARRISON_TEST_SEED=2 repeats it; whole at 0123456789ab on 2026-11-30, npm run test:full",
  );
  expect(sweepLine({ GARRISON_TEST_SEED: "0" }, undefined)).toContain("never whole yet, npm run test:full");
  expect(sweepEnvironment(false, { GARRISON_TEST_SEED: "3" })).toEqual({ GARRISON_TEST_SEED: "3" });
});

test("a full run tries all", async () => {
  expect(sweepEnvironment(true, { GARRISON_TEST_SEED: "3" })).toEqual({ GARRISON_TEST_SWEEPS: "whole" });
  expect(sweepLine({ GARRISON_TEST_SWEEPS: "whole" }, await readSweeps())).toBe("sweeps: whole");
});
