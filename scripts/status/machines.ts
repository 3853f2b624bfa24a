import type { MachineDefinition } from "../../components/machine/machine-definition.ts";
import { azureWeb } from "../../stacks/azure-web.ts";
import { office } from "../../stacks/office.ts";

const definitions: Readonly<Record<string, MachineDefinition>> = { office, "azure-web": azureWeb };

/** What runs on the machine of a stack; undefined where there are no containers. */
export function machineOf(stack: string): MachineDefinition | undefined {
  return definitions[stack];
}
