import { listInstances, removeInstance } from "../machines/instance.ts";
import type { IncusPlace } from "../machines/instance.ts";
import { marks } from "../machines/instance-request.ts";
import { machinePlace } from "./layout.ts";

/** A virtual machine that Incus has. */
export interface AzureInstance {
  readonly id: string;
  readonly status: string;
  /** Hash of the image that it was made of. */
  readonly image: string | undefined;
  readonly ready: boolean;
}

export async function azureInstances({ incus }: Pick<IncusPlace, "incus">): Promise<readonly AzureInstance[]> {
  const all = await listInstances(incus);
  return all.flatMap(({ status, config }) => {
    const id = config[marks.azure];
    if (id === undefined) return [];
    return [{ id, status, image: config[marks.image], ready: config[marks.ready] === "true" }];
  });
}

/** Removes every virtual machine of the lab. */
export async function removeMachines(place: IncusPlace, lab: string): Promise<void> {
  for (const { id } of await azureInstances(place)) await removeInstance(place, machinePlace(lab, id));
}
