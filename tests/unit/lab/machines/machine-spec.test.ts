import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MACHINES } from "#stacks/machines.ts";
import { describeScale, machineSpecs, scaleMachines } from "#lab/machines/machine-spec.ts";
import type { MachineSpec } from "#lab/machines/machine-spec.ts";
import { checkout } from "#tests/support/machine-stack.ts";

const specs: readonly MachineSpec[] = [
  { role: "office", memoryMiB: 65_536, cpus: 16, diskGiB: 512 },
  { role: "azure-web", memoryMiB: 32_768, cpus: 16, diskGiB: 256 },
  { role: "gpu", memoryMiB: 221_184, cpus: 24, diskGiB: 1024 },
];

describe("the machines' sizes", () => {
  it("come from the stacks' settings", async () => {
    expect(await machineSpecs(checkout)).toMatchObject(MACHINES.map((role) => ({ role })));
  });

  it("are shared evenly on a small host, and small requests leave more to the others", () => {
    const scale = scaleMachines(specs, { memoryMiB: 92_768, cpus: 2, diskGiB: 30 });
    expect(scale.office).toEqual({ memoryMiB: 30_922, cpus: 2, diskGiB: 10 });
    const larger = scaleMachines(specs, { memoryMiB: 132_768, cpus: 32, diskGiB: 4000 });
    expect(larger["azure-web"]).toEqual({ memoryMiB: 32_768, cpus: 16, diskGiB: 256 });
    expect(larger.gpu.memoryMiB).toBe(50_000);
    expect(larger.gpu.diskGiB).toBe(1024);
  });

  it("never exceed the request nor, above the floor, the host", () => {
    const size = fc.record({
      memoryMiB: fc.integer({ min: 1024, max: 300_000 }),
      cpus: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(size, size, size, size, (one, two, three, host) => {
        const requested = [one, two, three].map((spec, index) => ({
          ...spec,
          diskGiB: 100,
          role: MACHINES[index] ?? "office",
        }));
        const scale = scaleMachines(requested, { ...host, diskGiB: 300 });
        for (const spec of requested) {
          expect(scale[spec.role].memoryMiB).toBeLessThanOrEqual(spec.memoryMiB);
          expect(scale[spec.role].cpus).toBeLessThanOrEqual(Math.min(spec.cpus, host.cpus));
          expect(scale[spec.role].diskGiB).toBe(100);
        }
        const total = MACHINES.reduce((sum, role) => sum + scale[role].memoryMiB, 0);
        expect(total).toBeLessThanOrEqual(Math.max(host.memoryMiB, 3 * 1024));
      }),
    );
  });

  it("are told with what they are scaled from", () => {
    const [office] = specs;
    if (office === undefined) throw new Error("no office");
    expect(describeScale("office", office, { memoryMiB: 8192, cpus: 2, diskGiB: 11 })).toBe(
      "office: 8192 of 65536 MiB of memory (scale 0.13), 2 of 16 processors (0.13), 11 of 512 GiB of disk (0.02)",
    );
  });
});
