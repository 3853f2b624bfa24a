import { execa } from "execa";
import { formatPort, machineNode } from "#components/network/flow.ts";
import type { Port } from "#components/network/flow.ts";
import type { Reachability } from "#components/network/reachability.ts";
import { internetAddresses, tcpPorts, udpPorts } from "#lab/internet/addresses.ts";
import { attempt } from "./packets.ts";
import type { Namespace } from "./packets.ts";
import type { Outcome, Target } from "./packet-probe.ts";

/** A port that no service has: what a container may reach of it, it may reach of any. */
const canaryPort = 9998;
export const canaryPorts: readonly Port[] = [
  { number: canaryPort, protocol: "tcp" },
  { number: canaryPort, protocol: "udp" },
];

/** One attempt: who tries to reach what, and whether the model says that it can. */
export interface Probe {
  readonly from: string;
  /** What the address belongs to, for a person to read. */
  readonly at: string;
  readonly target: Target;
  readonly expected: boolean;
}

/** Every address of every container on its declared ports and the canary port, as seen from `from`. */
export function probesOfServices(reach: Reachability, from: string): Probe[] {
  const { services, networks } = reach.estate;
  return services
    .filter(({ name }) => name !== from)
    .flatMap(({ name }) => {
      const ports = unique([...reach.portsOf(name), ...canaryPorts]);
      const places = networks.flatMap(({ name: network, addresses }) => {
        const address = addresses[name];
        return address === undefined ? [] : [{ network, address }];
      });
      return places.flatMap(({ network, address }) =>
        ports.map((port) => {
          const answer = reach.ask(from, name, port);
          const expected = answer.reachable && answer.ways.some(({ destination }) => destination === address);
          return { from, at: `${name} on ${network}`, target: targetOf(address, port), expected };
        }),
      );
    });
}

/** Addresses of the host: its own, and its end of every bridge, those of other networks too. */
export function probesOfHost(reach: Reachability, from: string, addresses: readonly string[]): Probe[] {
  const gateways = reach.estate.networks.map(({ gateway }) => gateway);
  return [...gateways, ...addresses].flatMap((address) =>
    canaryPorts.map((port) => {
      const expected = reach.ask(from, "host", port).reachable;
      return { from, at: "host", target: targetOf(address, port), expected };
    }),
  );
}

const outside = [
  ["internet", internetAddresses.web],
  ["internet", internetAddresses.canary],
  ["resolver", internetAddresses.resolver],
  ["lan", internetAddresses.lan],
  ["metadata", internetAddresses.metadata],
  ["metadata", internetAddresses.metadataAzure],
] as const;

/** Everything outside of the machine, other machines too, on every port on which the lab internet listens there. */
export function probesOfOutside(reach: Reachability, from: string): Probe[] {
  const machines = Object.entries(reach.estate.machines ?? {}).map(
    ([name, { address }]) => [machineNode(name), address] as const,
  );
  return [...outside, ...machines].flatMap(([place, address]) =>
    listening(address).map((port) => {
      const expected = reach.ask(from, place, port).reachable;
      return { from, at: place, target: targetOf(address, port), expected };
    }),
  );
}

function listening(address: string): Port[] {
  const tcp = tcpPorts.map((number) => ({ number, protocol: "tcp" as const }));
  const udp = udpPorts.map((number) => ({ number, protocol: "udp" as const }));
  // The web answers on TCP; the resolver's UDP port answers questions, and a probe is none.
  if (address === internetAddresses.web) return tcp;
  if (address === internetAddresses.resolver) return [{ number: 53, protocol: "tcp" }];
  return [...tcp, ...udp];
}

/** Tries all of them, each from where it begins, and tells those that came out otherwise than the model says. */
export async function differences(
  probes: readonly Probe[],
  namespaceOf: (from: string) => Promise<Namespace>,
  timeoutMs = 4000,
): Promise<string[]> {
  const sources = unique(probes.map(({ from }) => from));
  const found: string[] = [];
  for (let start = 0; start < sources.length; start += atOnce) {
    const some = sources.slice(start, start + atOnce);
    const lists = await Promise.all(
      some.map(async (from) => {
        const own = probes.filter((probe) => probe.from === from);
        const outcomes = await attempt(
          await namespaceOf(from),
          own.map(({ target }) => target),
          timeoutMs,
        );
        return own.flatMap((probe, index) => difference(probe, outcomes[index] ?? "silent"));
      }),
    );
    found.push(...lists.flat());
  }
  return found;
}

const atOnce = 8;

/** A packet that arrived where nobody listens has arrived. */
function difference({ from, at, target, expected }: Probe, outcome: Outcome): string[] {
  if (expected ? outcome === "open" : outcome === "silent") return [];
  const { address, port: number, protocol } = target;
  const where = `${address} port ${formatPort({ number, protocol })}`;
  return [`${from} -> ${at} (${where}): ${outcome}, expected ${expected ? "open" : "silent"}`];
}

function targetOf(address: string, { number, protocol }: Port): Target {
  return { address, port: number, protocol };
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The host's own addresses beside those of the estate's bridges. */
export async function hostAddresses(version: 4 | 6): Promise<string[]> {
  const { stdout } = await execa("ip", ["-j", `-${String(version)}`, "addr", "show", "scope", "global"]);
  const links = JSON.parse(stdout) as { addr_info: { local?: string }[] }[];
  return links.flatMap(({ addr_info: info }) => info.flatMap(({ local }) => local ?? []));
}
