import { listInstances } from "../machines/instance.ts";
import type { IncusPlace } from "../machines/instance.ts";
import { marks } from "../machines/instance-request.ts";

/** A virtual machine that Incus has. */
export interface AzureInstance {
  readonly id: string;
  readonly status: string;
  /** Hash of the image that it was made of. */
  readonly image: string | undefined;
  readonly ready: boolean;
  readonly bridge: string | undefined;
  /** In its subnet. */
  readonly address: string | undefined;
}

export async function azureInstances({ incus }: Pick<IncusPlace, "incus">): Promise<readonly AzureInstance[]> {
  const all = await listInstances(incus);
  return all.flatMap(({ status, config, devices }) => {
    const id = config[marks.azure];
    if (id === undefined) return [];
    return [
      {
        id,
        status,
        image: config[marks.image],
        ready: config[marks.ready] === "true",
        bridge: devices.eth0?.network,
        address: devices.eth0?.["ipv4.address"],
      },
    ];
  });
}
