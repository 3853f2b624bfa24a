import { isDeepStrictEqual } from "node:util";
import { registryPort } from "../images/registry.ts";
import { editInstance } from "./instance.ts";
import type { Device } from "./instance-request.ts";
import type { Incus, Instance } from "./incus.ts";

const deviceName = "registry";

/**
 * What lets a machine reach this host's registry under the same loopback address as this host does. The images' names,
 * digests included, mean the same on both; nothing listens on any network, and no daemon has to be told to trust a
 * registry without TLS: for loopback addresses it does.
 */
export async function registryDevice(): Promise<Readonly<Record<string, Device>>> {
  const address = `tcp:127.0.0.1:${await registryPort()}`;
  return { [deviceName]: { type: "proxy", bind: "instance", listen: address, connect: address } };
}

/** Leads a machine that is there to where the registry is now. */
export async function followRegistry(incus: Incus, { name, devices }: Instance): Promise<void> {
  const wanted = { ...devices, ...(await registryDevice()) };
  if (isDeepStrictEqual(wanted, devices)) return;
  await editInstance(incus, { instance: name }, () => ({ devices: wanted }));
}
