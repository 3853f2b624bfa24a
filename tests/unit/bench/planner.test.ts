import { describe, expect, it } from "vitest";
import { manyContainers } from "#bench/planner-machine.ts";
import { planOnce } from "#bench/planner-series.ts";
import { planMachine } from "#components/machine/plan-machine.ts";

describe("manyContainers", () => {
  it("is a machine without a mistake, ten times as large for ten times as many", () => {
    const [small, large] = [100, 1000].map((containers) => planMachine(manyContainers(containers)));
    expect(small?.containers).toHaveLength(100);
    expect(large?.containers).toHaveLength(1000);
    expect(small?.networks).toHaveLength(1 + 10 + 10);
    expect(large?.networks).toHaveLength(1 + 10 + 100);
    // Two in a network of ten talk, and the proxy is in none of them.
    expect(large?.flows).toHaveLength(1 + 10 + 99 * 45 + 36);
  });
});

describe("planOnce", () => {
  it("plans in a process of its own and tells what it took", async () => {
    const { seconds, cpuSeconds } = await planOnce(20);
    expect(seconds).toBeGreaterThan(0);
    expect(cpuSeconds).toBeGreaterThan(0);
  });

  it("fails when the plan does", async () => {
    await expect(planOnce(0)).rejects.toThrow();
  });
});
