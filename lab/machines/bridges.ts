import { readdir } from "node:fs/promises";
import { z } from "zod";
import { endDaemon, ensureDaemon, servesAddresses } from "./daemon.ts";
import { tryHost } from "./host-command.ts";
import type { Incus } from "./incus.ts";
import type { IncusPlace } from "./instance.ts";
import type { LabLayout } from "./layout.ts";

/** A link that machines hang on, and the host's own address there. */
export interface Bridge {
  /** At most 15 characters, as the kernel wants it. */
  readonly name: string;
  /** With its length: `10.66.0.1/24`. */
  readonly gateway: string;
}

const networkSchema = z.object({ name: z.string(), config: z.record(z.string(), z.string()).default({}) });

/**
 * Makes the bridges be there, each with what hands out addresses on it.
 *
 * @returns the names of those whose link had to be made again: machines that run have lost their end of it
 */
export async function ensureBridges(
  { incus, incusFiles }: IncusPlace,
  wanted: readonly Bridge[],
): Promise<readonly string[]> {
  const lost: string[] = [];
  let silent = false;
  for (const bridge of wanted) {
    const found = await incus.find(bridgePath(bridge.name), networkSchema);
    if (found === undefined) {
      await incus.change("POST", "/1.0/networks", { name: bridge.name, type: "bridge", config: settings(bridge) });
      continue;
    }
    if (found.config["ipv4.address"] !== bridge.gateway) {
      await incus.change("PUT", bridgePath(bridge.name), { config: settings(bridge) });
    }
    if ((await tryHost("ip", ["link", "show", bridge.name])) === undefined) lost.push(bridge.name);
    else if (!servesAddresses(incusFiles, bridge.name)) silent = true;
  }
  if (lost.length > 0 || silent) {
    // The daemon makes its networks' links and name servers when it starts, and looks after them at no other time.
    await endDaemon(incusFiles);
    await ensureDaemon(incusFiles);
  }
  return lost;
}

/** The names of the bridges of this Incus. */
export async function listBridges(incus: Incus): Promise<readonly string[]> {
  const found = await incus.call("GET", "/1.0/networks?recursion=1", z.array(managedSchema));
  return found.filter(({ managed }) => managed).map(({ name }) => name);
}

const managedSchema = z.object({ name: z.string(), managed: z.boolean() });

/** The lab's bridges that the kernel has, whatever made them. */
export async function labLinks({ bridge, azure }: Pick<LabLayout, "bridge" | "azure">): Promise<readonly string[]> {
  const links = await readdir("/sys/class/net");
  return links.filter((name) => name === bridge || name.startsWith(azure.bridges));
}

export async function removeBridge(incus: Incus, name: string): Promise<void> {
  await incus.remove(bridgePath(name));
}

function settings({ gateway }: Bridge): Record<string, string> {
  return {
    "ipv4.address": gateway,
    // The lab's own tables do both: Incus would write into one that it shares with every Incus of the host.
    "ipv4.nat": "false",
    "ipv4.firewall": "false",
    "ipv6.address": "none",
    "ipv6.firewall": "false",
  };
}

function bridgePath(name: string): string {
  return `/1.0/networks/${name}`;
}
