import { execa } from "execa";
import type { PlannedNetwork } from "../../components/network/plan-networks.ts";
import { internetAddresses } from "../../lab/internet/addresses.ts";
import { canaryPorts } from "./packet-matrix.ts";
import type { Probe } from "./packet-matrix.ts";
import { commandIn } from "./packets.ts";
import type { Namespace } from "./packets.ts";

/** The addresses of one network in the second family: the host's on the bridge, and by member. */
interface Version6 {
  readonly network: string;
  readonly internal: boolean;
  readonly host: string;
  readonly members: Readonly<Record<string, string>>;
}

/**
 * Gives bridges and containers of every network addresses of the second family, as a container that has more rights
 * than ours could, and leads what leaves to the lab internet: only rules can stop it then.
 */
export async function giveVersion6(
  networks: readonly PlannedNetwork[],
  namespaceOf: (service: string) => Namespace,
  table: number,
): Promise<{ readonly networks: Version6[]; readonly takeBack: () => Promise<void> }> {
  const given: Version6[] = [];
  const forwarding = await run("host", "sysctl", "-n", "net.ipv6.conf.all.forwarding");
  await run("host", "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
  for (const rule of rules(table)) await run("host", "ip", "-6", "rule", "add", ...rule);
  for (const [index, { name, bridge, internal, addresses }] of networks.entries()) {
    const prefix = `fd00:6a72:${(index + 1).toString(16)}::`;
    await give("host", bridge, `${prefix}1`);
    const members: Record<string, string> = {};
    for (const [place, [service, address]] of Object.entries(addresses).entries()) {
      const own = `${prefix}${(place + 2).toString(16)}`;
      const namespace = namespaceOf(service);
      const device = await deviceWith(namespace, address);
      await give(namespace, device, own);
      if (!internal)
        await run(namespace, "ip", "-6", "route", "replace", "default", "via", `${prefix}1`, "dev", device);
      members[service] = own;
    }
    given.push({ network: name, internal, host: `${prefix}1`, members });
  }
  // What was changed for the whole host, and not only for the estate.
  const takeBack = async (): Promise<void> => {
    for (const rule of rules(table)) await run("host", "ip", "-6", "rule", "del", ...rule);
    await run("host", "sysctl", "-qw", `net.ipv6.conf.all.forwarding=${forwarding}`);
  };
  return { networks: given, takeBack };
}

/** What is sent out of the block leads to the lab internet, as it does for the first family. */
function rules(table: number): string[][] {
  return [
    ["from", BLOCK, "to", BLOCK, "lookup", "main", "priority", "20000"],
    ["from", BLOCK, "lookup", String(table), "priority", "21000"],
  ];
}

const BLOCK = "fd00:6a72::/32";

/** Every member to its peers, to the host's end of the bridge, and from a network that leads out to the internet. */
export function probesOfVersion6(networks: readonly Version6[]): Probe[] {
  return networks.flatMap(({ network, internal, host, members }) =>
    Object.keys(members).flatMap((from) => {
      const peers = Object.entries(members)
        .filter(([name]) => name !== from)
        .map(([name, address]) => ({ at: `${name} on ${network}`, address, ports: canaryPorts }));
      const web = { at: `internet from ${network}`, address: internetAddresses.web6, ports: [http] };
      const places = [
        ...peers,
        { at: `host on ${network}`, address: host, ports: canaryPorts },
        ...(internal ? [] : [web]),
      ];
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

const http = { number: 80, protocol: "tcp" } as const;

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
