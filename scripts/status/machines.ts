import type { MachineDefinition } from "../../components/machine/machine-definition.ts";
import { office } from "../../stacks/office.ts";

const definitions: Readonly<Record<string, MachineDefinition>> = { office };

/** What runs on the machine of a stack; undefined for machines that are not there yet. */
export function machineOf(stack: string): MachineDefinition | undefined {
  return definitions[stack];
}
