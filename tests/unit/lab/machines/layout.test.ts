import { describe, expect, it } from "vitest";
import { layOutLab } from "#lab/machines/layout.ts";

describe("the layout of a lab", () => {
  const layout = layOutLab({ id: "a23456", network: "10.66.0.0/16" });

  it("carries the lab's id in every name, and fits the kernel's", () => {
    const names = [layout.bridge, layout.table, layout.tag, ...layout.machines.map(({ instance }) => instance)];
    for (const name of names) expect(name).toContain("a23456");
    expect(layOutLab({ id: "a2345678", network: "10.66.0.0/16" }).bridge.length).toBeLessThanOrEqual(15);
  });

  it("gives every machine its own address inside the block, apart from the gateway", () => {
    expect(layout.block).toBe("10.66.0.0/24");
    expect(layout.gateway).toBe("10.66.0.1/24");
    expect(layout.machines.map(({ role, address }) => [role, address])).toEqual([
      ["office", "10.66.0.4"],
      ["azure-web", "10.66.0.5"],
      ["gpu", "10.66.0.6"],
    ]);
  });
});
