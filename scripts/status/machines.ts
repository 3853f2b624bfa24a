import { MACHINES } from "#stacks/machines.ts";
import type { MachineDefinition } from "#components/machine/machine-definition.ts";
import { stacks } from "#stacks/machines.ts";

/** What runs on the machine of a stack; undefined where there are no containers. */
export function machineOf(stack: string): MachineDefinition | undefined {
  const role = MACHINES.find((known) => known === stack);
  const machine = role && stacks[role].machine;
  return machine === undefined || machine.services.length === 0 ? undefined : machine;
}
