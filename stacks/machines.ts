import type { AzurePlace } from "../components/azure/azure-place.ts";
import type { MachineDefinition } from "../components/machine/machine-definition.ts";
import type { MachineRole } from "../components/settings/settings.ts";
import { azureWeb, azureWebPlace } from "./azure-web.ts";
import { gpu, gpuPlace } from "./gpu.ts";
import { office } from "./office.ts";

/** What a stack is: a machine, and where it is made, if the stack makes it. */
export interface StackDefinition {
  readonly machine: MachineDefinition;
  readonly place?: AzurePlace;
}

export const stacks: Readonly<Record<MachineRole, StackDefinition>> = {
  office: { machine: office },
  "azure-web": { machine: azureWeb, place: azureWebPlace },
  gpu: { machine: gpu, place: gpuPlace },
};
