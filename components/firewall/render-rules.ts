import { own } from "../lib/own.ts";
import { isMachine, isPlace, machineOf } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import { pathsAmong, plannedMemberships } from "../network/paths.ts";
import type { Path } from "../network/paths.ts";
import type { PlannedNetwork } from "../network/plan-networks.ts";
import type { MachineAddresses } from "../network/reachability.ts";
import { CLOSED_BLOCKS } from "./closed-blocks.ts";

export interface RulesInput {
  readonly estate: string;
  readonly networks: readonly PlannedNetwork[];
  readonly flows: readonly Flow[];
  readonly resolvers: readonly string[];
  /** Address of the machine on which ports are published. */
  readonly publishAddress: string;
  /** Addresses of the estate's other machines by name. @default none: flows from and to them open nothing */
  readonly machines?: MachineAddresses;
}

/** Name of an estate's table: nothing else on the host is ever changed. */
export function tableOf(estate: string): string {
  return `garrison-${estate}`;
}

/**
 * The host's rules for an estate, for `nft -f`: one table, replaced as a whole in one transaction.
 *
 * Docker separates networks and lets everything else pass: any port between members, every address of the host from
 * every bridge, and every container from every account of the host. Here only what a flow wants may begin; answers follow
 * their connection. A drop is final whatever Docker's own chains accept, so none of them has to be touched. IPv6 has no
 * flow and is dropped altogether.
 */
export function renderRules(input: RulesInput): string {
  const table = `inet ${tableOf(input.estate)}`;
  const memberships = plannedMemberships(input.networks);
  const paths = input.flows.flatMap((flow) => pathsAmong(flow, memberships));
  return `# Made by Garrison for estate ${input.estate}; replaced as a whole, so a change by hand does not stay.
table ${table}
delete table ${table}
table ${table} {
${sets(input, paths)}

  # What begins in a container and is meant for the host itself. For a published port Docker has sent it on before this
  # chain: what is still meant for the host would be answered by whoever took the port while its container is away.
  chain to-host {
    type filter hook input priority filter - 10; policy accept;
    ip daddr . meta l4proto . th dport @taken counter drop
    iifname != @bridges accept
    ct state established,related accept
    iifname . ip saddr . ip daddr . meta l4proto . th dport @to-host accept
    counter drop
  }

  chain through {
    type filter hook forward priority filter - 10; policy accept;
    iifname @bridges goto from-container
    oifname @bridges goto to-container
  }

  chain from-container {
    ct state established,related accept
    iifname . ip saddr . ip daddr . meta l4proto . th dport @between accept
    iifname . ip saddr . ip daddr . meta l4proto . th dport @to-resolver accept
    iifname . ip saddr . ip daddr . meta l4proto . th dport @to-machine accept
    ip daddr @closed counter drop
    iifname . ip saddr . meta l4proto . th dport @to-internet accept
    counter drop
  }

  # What comes from outside the machine, by a published port.
  chain to-container {
    ct state established,related accept
    ct status dnat oifname . ip daddr . meta l4proto . th dport @published accept
    ct status dnat oifname . ip daddr . ip saddr . meta l4proto . th dport @from-machine accept
    counter drop
  }

  # What begins on the host itself: root is root over its containers, and any other account is a neighbour among
  # neighbours, but for what a program of the machine asks as its own. By a published port Docker has sent it here,
  # before this chain.
  chain from-host {
    type filter hook output priority filter - 10; policy accept;
    oifname != @bridges accept
    ct state established,related accept
    meta skuid 0 accept
    ct status dnat accept
    oifname . ip daddr . meta l4proto . th dport @from-host accept
    oifname . ip daddr . meta l4proto . th dport . meta skuid @from-account accept
    counter drop
  }
}
`;
}

function sets({ networks, resolvers, publishAddress, machines = {} }: RulesInput, paths: readonly Path[]): string {
  const toInternet = paths.filter(({ flow }) => flow.to === "internet");
  const toResolver = paths.filter(({ flow }) => flow.to === "resolver");
  const toHost = paths.filter(({ flow }) => flow.to === "host");
  const fromHost = paths.filter(({ flow }) => flow.from === "host" && flow.account === undefined);
  const between = paths.filter(({ flow }) => !isPlace(flow.from) && !isPlace(flow.to));
  // On loopback Docker sends nothing on: its proxy on the host answers, as any other program would.
  const published = publishAddress.startsWith("127.") ? [] : paths;
  const inward = published.filter(({ flow }) => flow.from === "lan" || isMachine(flow.from));
  const fromLan = published.filter(({ flow }) => flow.from === "lan");
  const withMachine = (among: readonly Path[], end: "from" | "to"): string[] =>
    among.flatMap((path) => {
      const node = path.flow[end];
      const address = isMachine(node) ? own(machines, machineOf(node))?.address : undefined;
      return address === undefined ? [] : elements([path], [address]);
    });
  return [
    set(
      "bridges",
      "ifname",
      networks.map(({ bridge }) => quote(bridge)),
    ),
    set("closed", "ipv4_addr", Object.keys(CLOSED_BLOCKS), "flags interval; "),
    set("between", `${FROM} . ipv4_addr . ${PORT}`, elements(between, [])),
    set("to-resolver", `${FROM} . ipv4_addr . ${PORT}`, elements(toResolver, resolvers)),
    set("to-internet", `${FROM} . ${PORT}`, elements(toInternet, [])),
    set(
      "to-host",
      `${FROM} . ipv4_addr . ${PORT}`,
      toHost.flatMap((path) => elements([path], [path.network.gateway])),
    ),
    set("from-host", `${FROM} . ${PORT}`, elements(fromHost, [])),
    set(
      "from-account",
      `${FROM} . ${PORT} . uid`,
      paths.flatMap((path) =>
        path.flow.from === "host" && path.flow.account !== undefined
          ? elements([path], []).map((element) => `${element} . ${String(path.flow.account)}`)
          : [],
      ),
    ),
    set("to-machine", `${FROM} . ipv4_addr . ${PORT}`, withMachine(paths, "to")),
    set("published", `${FROM} . ${PORT}`, elements(fromLan, [])),
    set(
      "taken",
      `ipv4_addr . ${PORT}`,
      inward.flatMap(({ flow }) => flow.ports.map((port) => `${publishAddress} . ${port.protocol} . ${port.number}`)),
    ),
    set("from-machine", `${FROM} . ipv4_addr . ${PORT}`, withMachine(published, "from")),
  ].join("\n");
}

const FROM = "ifname . ipv4_addr";
const PORT = "inet_proto . inet_service";

/** One element for each port of each path: bridge, addresses that the path has, address outside, protocol, port. */
function elements(paths: readonly Path[], outside: readonly string[]): string[] {
  return paths.flatMap(({ flow, network, source, destination }) => {
    const known = [quote(network.bridge), source, destination].filter((part) => part !== undefined);
    const ends = outside.length === 0 ? [known] : outside.map((address) => [...known, address]);
    return ends.flatMap((end) => flow.ports.map(({ protocol, number }) => [...end, protocol, number].join(" . ")));
  });
}

/** Sorted, so that the order of declaration changes nothing; nft takes no empty list. */
function set(name: string, type: string, members: readonly string[], flags = ""): string {
  const sorted = [...new Set(members)].sort();
  const list = sorted.length === 0 ? "" : `elements = {\n      ${sorted.join(",\n      ")}\n    } `;
  return `  set ${name} { type ${type}; ${flags}${list}}`;
}

function quote(name: string): string {
  return `"${name}"`;
}
