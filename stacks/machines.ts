import type { StackDefinition } from "../components/estate/stack-definition.ts";
import { azureWeb, azureWebPlace } from "./azure-web.ts";
import { azureWebZones } from "./azure-web-zones.ts";
import { gpu, gpuPlace } from "./gpu.ts";
import { office } from "./office.ts";

const estate = {
  office: { machine: office },
  "azure-web": { machine: azureWeb, place: azureWebPlace, estate: "azweb", zones: azureWebZones },
  gpu: { machine: gpu, place: gpuPlace },
} as const satisfies Readonly<Record<string, StackDefinition>>;

/** A machine of the estate: what `garrison:machine` may say. */
export type MachineRole = keyof typeof estate;

/** The estate: a stack for each machine. */
export const stacks: Readonly<Record<MachineRole, StackDefinition>> = estate;

/** The machines of the estate, in order. */
export const MACHINES = Object.keys(stacks) as readonly MachineRole[];
