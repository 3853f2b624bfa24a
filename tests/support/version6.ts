import { execa } from "execa";
import type { PlannedNetwork } from "#components/network/plan-networks.ts";
import { canaryPorts } from "./packet-matrix.ts";
import type { Probe } from "./packet-matrix.ts";
import { commandIn } from "./packets.ts";
import type { Namespace } from "./packets.ts";

/** The addresses of one network in the second family: the host's on the bridge, and by member. */
interface Version6 {
  readonly network: string;
  readonly host: string;
  readonly members: Readonly<Record<string, string>>;
}

/**
 * Gives bridges and containers of every network addresses of the second family, as a container that has more rights
 * than ours could: between them only rules can stop it then.
 */
export async function giveVersion6(
  networks: readonly PlannedNetwork[],
  namespaceOf: (service: string) => Namespace,
): Promise<Version6[]> {
  const given: Version6[] = [];
  for (const [index, { name, bridge, addresses }] of networks.entries()) {
    const prefix = `fd00:6a72:${(index + 1).toString(16)}::`;
    await give("host", bridge, `${prefix}1`);
    const members: Record<string, string> = {};
    for (const [place, [service, address]] of Object.entries(addresses).entries()) {
      const own = `${prefix}${(place + 2).toString(16)}`;
      const namespace = namespaceOf(service);
      const device = await deviceWith(namespace, address);
      await give(namespace, device, own);
      members[service] = own;
    }
    given.push({ network: name, host: `${prefix}1`, members });
  }
  return given;
}

/** Every member to its peers and to the host's end of the bridge. */
export function probesOfVersion6(networks: readonly Version6[]): Probe[] {
  return networks.flatMap(({ network, host, members }) =>
    Object.keys(members).flatMap((from) => {
      const peers = Object.entries(members)
        .filter(([name]) => name !== from)
        .map(([name, address]) => ({ at: `${name} on ${network}`, address, ports: canaryPorts }));
      const places = [...peers, { at: `host on ${network}`, address: host, ports: canaryPorts }];
      return places.flatMap(({ at, address, ports }) =>
        ports.map(({ number, protocol }) => ({
          from,
          at,
          target: { address, port: number, protocol },
          expected: false,
        })),
      );
    }),
  );
}

/** A device, and the address of the second family that it is given. */
interface End {
  readonly namespace: Namespace;
  readonly device: string;
  readonly address: string;
}

/** Gives two devices of one link an address each, and tells each where the other is: answers to that question are dropped. */
export async function meet(...[one, other]: readonly [End, End]): Promise<void> {
  for (const { namespace, device, address } of [one, other]) await give(namespace, device, address);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const shown = await run(to.namespace, "ip", "-j", "link", "show", "dev", to.device);
    const [link] = JSON.parse(shown) as { address: string }[];
    const neighbour = [to.address, "lladdr", link?.address ?? "", "dev", from.device, "nud", "permanent"];
    await run(from.namespace, "ip", "-6", "neigh", "replace", ...neighbour);
  }
}

async function give(namespace: Namespace, device: string, address: string): Promise<void> {
  await run(namespace, "sysctl", "-qw", `net.ipv6.conf.${device}.disable_ipv6=0`);
  await run(namespace, "ip", "-6", "addr", "replace", `${address}/64`, "dev", device, "nodad");
}

async function deviceWith(namespace: Namespace, address: string): Promise<string> {
  const links = JSON.parse(await run(namespace, "ip", "-j", "-4", "addr")) as {
    ifname: string;
    addr_info: { local?: string }[];
  }[];
  const found = links.find(({ addr_info: info }) => info.some(({ local }) => local === address));
  if (found === undefined) throw new Error(`no device has ${address}`);
  return found.ifname;
}

async function run(namespace: Namespace, ...command: string[]): Promise<string> {
  const [file, ...args] = commandIn(namespace, command);
  return (await execa(file, args)).stdout;
}
