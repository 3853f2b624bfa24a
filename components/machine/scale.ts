import type { Problem } from "../lib/problems.ts";
import { setCommand } from "../lib/config-command.ts";

/** What scaling has to know of a service. */
export interface Scalable {
  readonly name: string;
  readonly memory: number;
  readonly memoryFloor: number;
  readonly cpus: number;
}

/** Limits by service, and the factor that led to them. */
export interface Limits {
  readonly factor: number;
  readonly limits: ReadonlyMap<string, { readonly memory: number; readonly cpus: number }>;
  readonly problems: readonly Problem[];
}

export interface Capacity {
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly reserveMiB: number;
}

/** Checks that the services' limits fit the machine as they are. */
export function fitLimits(services: readonly Scalable[], capacity: Capacity): Limits {
  const limits = new Map(services.map(({ name, memory, cpus }) => [name, { memory, cpus }]));
  const problems = [
    ...memoryProblems(
      services.map(({ memory }) => memory),
      capacity,
    ),
    ...services
      .filter(({ cpus }) => cpus > capacity.cpus)
      .map(({ name, cpus }) => ({
        property: `services.${name}.cpus`,
        found: String(cpus),
        expected: `at most the machine's ${String(capacity.cpus)}`,
      })),
  ];
  return { factor: 1, limits, problems };
}

/**
 * Scales the services' limits to a smaller host, by one factor for all, never below a service's floor.
 * A host that is larger than the machine leaves them as they are.
 */
export function scaleLimits(services: readonly Scalable[], capacity: Capacity): Limits {
  const available = capacity.memoryMiB - capacity.reserveMiB;
  const at = (factor: number): number[] =>
    services.map(({ memory, memoryFloor }) => Math.min(memory, Math.max(memoryFloor, Math.floor(memory * factor))));
  const factor = largestFactor((candidate) => sum(at(candidate)) <= available);
  const memory = at(factor);
  const limits = new Map(
    services.map((service, index) => [
      service.name,
      { memory: memory[index] ?? service.memoryFloor, cpus: Math.min(service.cpus, capacity.cpus) },
    ]),
  );
  return { factor, limits, problems: memoryProblems(memory, capacity) };
}

/** The largest hundredth between 0 and 1 that fits; 0 when none does. */
function largestFactor(fits: (factor: number) => boolean): number {
  for (let hundredths = 100; hundredths > 0; hundredths -= 1) {
    if (fits(hundredths / 100)) return hundredths / 100;
  }
  return 0;
}

function memoryProblems(memory: readonly number[], { memoryMiB, reserveMiB }: Capacity): Problem[] {
  const asked = sum(memory);
  if (asked <= memoryMiB - reserveMiB) return [];
  return [
    {
      property: "garrison:resources.memoryMiB",
      found: `${String(memory.length)} containers that ask for ${String(asked)} MiB`,
      expected: `at most ${String(memoryMiB - reserveMiB)} MiB: the machine has ${String(memoryMiB)}, ${String(reserveMiB)} are kept for the host`,
      fix: setCommand(["resources", "memoryMiB"], "<MiB of the machine>", "int"),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
