import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitLimits, scaleLimits } from "#components/machine/scale.ts";
import type { Capacity, Scalable } from "#components/machine/scale.ts";

const services: fc.Arbitrary<Scalable[]> = fc
  .array(
    fc.record({
      memory: fc.integer({ min: 64, max: 8192 }),
      floor: fc.double({ min: 0.01, max: 1, noNaN: true }),
      cpus: fc.constantFrom(0.25, 0.5, 1, 2, 4),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) =>
    all.map(({ memory, floor, cpus }, index) => ({
      name: `s${String(index)}`,
      memory,
      memoryFloor: Math.ceil(memory * floor),
      cpus,
    })),
  );

const capacity: fc.Arbitrary<Capacity> = fc.record({
  memoryMiB: fc.integer({ min: 1024, max: 131_072 }),
  cpus: fc.constantFrom(1, 2, 4, 16),
  reserveMiB: fc.integer({ min: 256, max: 1024 }),
});

function total(limits: ReadonlyMap<string, { memory: number }>): number {
  return [...limits.values()].reduce((sum, { memory }) => sum + memory, 0);
}

describe("scaled limits", () => {
  test("fit what the host has, or a problem says that not even the floors do", () => {
    fc.assert(
      fc.property(services, capacity, (all, host) => {
        const { limits, problems } = scaleLimits(all, host);
        const available = host.memoryMiB - host.reserveMiB;
        const floors = all.reduce((sum, { memoryFloor }) => sum + memoryFloor, 0);
        expect(total(limits) <= available).toBe(problems.length === 0);
        expect(problems.length === 0).toBe(floors <= available);
      }),
    );
  });

  test("stay between a service's floor and what it asks for", () => {
    fc.assert(
      fc.property(services, capacity, (all, host) => {
        const { limits } = scaleLimits(all, host);
        for (const { name, memory, memoryFloor, cpus } of all) {
          const own = limits.get(name);
          expect(own?.memory).toBeGreaterThanOrEqual(memoryFloor);
          expect(own?.memory).toBeLessThanOrEqual(memory);
          expect(own?.cpus).toBe(Math.min(cpus, host.cpus));
        }
      }),
    );
  });

  test("a larger host never gives less", () => {
    fc.assert(
      fc.property(services, capacity, fc.integer({ min: 0, max: 65_536 }), (all, host, more) => {
        const small = scaleLimits(all, host);
        const large = scaleLimits(all, { ...host, memoryMiB: host.memoryMiB + more });
        expect(large.factor).toBeGreaterThanOrEqual(small.factor);
        for (const { name } of all) {
          expect(large.limits.get(name)?.memory).toBeGreaterThanOrEqual(small.limits.get(name)?.memory ?? Infinity);
        }
      }),
    );
  });

  test("a host that is large enough leaves every limit as it is", () => {
    const all = [{ name: "a", memory: 1000, memoryFloor: 10, cpus: 2 }];
    const { factor, limits } = scaleLimits(all, { memoryMiB: 4096, cpus: 8, reserveMiB: 1024 });
    expect(factor).toBe(1);
    expect(limits.get("a")).toEqual({ memory: 1000, cpus: 2 });
  });

  test("half a host gives half", () => {
    const all = [
      { name: "a", memory: 1000, memoryFloor: 10, cpus: 2 },
      { name: "b", memory: 3000, memoryFloor: 10, cpus: 1 },
    ];
    const { factor, limits, problems } = scaleLimits(all, { memoryMiB: 3000, cpus: 1, reserveMiB: 1000 });
    expect(factor).toBe(0.5);
    expect(limits.get("a")).toEqual({ memory: 500, cpus: 1 });
    expect(limits.get("b")).toEqual({ memory: 1500, cpus: 1 });
    expect(problems).toEqual([]);
  });
});

describe("limits outside the lab", () => {
  const all = [
    { name: "a", memory: 1500, memoryFloor: 10, cpus: 4 },
    { name: "b", memory: 1000, memoryFloor: 10, cpus: 1 },
  ];

  test("are never scaled", () => {
    const { factor, limits, problems } = fitLimits(all, { memoryMiB: 4096, cpus: 4, reserveMiB: 1024 });
    expect(factor).toBe(1);
    expect([...limits.values()]).toEqual([
      { memory: 1500, cpus: 4 },
      { memory: 1000, cpus: 1 },
    ]);
    expect(problems).toEqual([]);
  });

  test("that do not fit are refused, with the numbers", () => {
    const { problems } = fitLimits(all, { memoryMiB: 3000, cpus: 2, reserveMiB: 1024 });
    expect(problems).toEqual([
      {
        property: "garrison:resources.memoryMiB",
        found: "2 containers that ask for 2500 MiB",
        expected: "at most 1976 MiB: the machine has 3000, 1024 are kept for the host",
        fix: "pulumi config set --path garrison:resources.memoryMiB '<MiB of the machine>' --type int",
      },
      { property: "services.a.cpus", found: "4", expected: "at most the machine's 2" },
    ]);
  });

  test("may use the last MiB", () => {
    expect(fitLimits(all, { memoryMiB: 3524, cpus: 4, reserveMiB: 1024 }).problems).toEqual([]);
    expect(fitLimits(all, { memoryMiB: 3523, cpus: 4, reserveMiB: 1024 }).problems).toHaveLength(1);
  });
});
