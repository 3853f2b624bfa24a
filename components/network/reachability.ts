import type { Allowance } from "../machine/machine-definition.ts";
import type { ServiceSpec } from "../services/service.ts";
import { own } from "../lib/own.ts";
import { isLoopback, isPublic } from "./address.ts";
import { PLACES, flowsByEnds, formatPort, isMachine, isPlace, machineOf } from "./flow.ts";
import type { Flow, FlowsByEnds, Port } from "./flow.ts";
import { pathsAmong, plannedMemberships, sharedNetworks } from "./paths.ts";
import type { Memberships } from "./paths.ts";
import type { PlannedNetwork } from "./plan-networks.ts";

/** What has to be known of a machine to say what reaches what. */
export interface Estate {
  readonly services: readonly Pick<ServiceSpec, "name" | "listens" | "proxy">[];
  readonly networks: readonly PlannedNetwork[];
  readonly flows: readonly Flow[];
  readonly allowed: readonly Allowance[];
  /** Address of the machine on which ports for its neighbours are published. */
  readonly publish: { readonly address: string };
  readonly resolvers: readonly string[];
  /** Addresses of the estate's other machines by name. @default none is known */
  readonly machines?: MachineAddresses;
}

/** Of the estate's other machines, by name. */
export type MachineAddresses = Readonly<Record<string, { readonly address: string }>>;

/** One way by which packets get there. */
export interface Way {
  /** The network that carries it. */
  readonly network: string;
  /** Address from which it is begun; undefined where it is any address of a place. */
  readonly source?: string;
  /** Address at which it ends; undefined where it is any address of a place. */
  readonly destination?: string;
  readonly why: string;
}

export type Answer =
  { readonly reachable: true; readonly ways: readonly Way[] } | { readonly reachable: false; readonly reason: string };

/** Why the host reaches a port that nothing opens to its other accounts. */
export const ROOT_ALONE = "the host's root alone, who is root over its containers";

/** What is possible to one who asks a proxy: names on the internet, not addresses. */
export interface Relay {
  readonly proxy: string;
  /** Ports of the proxy. */
  readonly ports: readonly Port[];
  readonly hosts: readonly string[];
}

/** Answers about one machine, from tables that are made once. */
export interface Reachability {
  readonly estate: Estate;
  /** Services in the order of their declaration, then the places, then other machines that some flow names. */
  readonly nodes: readonly string[];
  /** Whether a connection that `from` begins gets to a port of `to`; answers to it go back by themselves. */
  readonly ask: (from: string, to: string, port: Port) => Answer;
  /** Ports of a node that some flow names or on which it listens. */
  readonly portsOf: (node: string) => readonly Port[];
  /** The ways of a service to the internet through proxies. */
  readonly relaysOf: (from: string) => readonly Relay[];
}

/** What reaches what on a machine: the one answer for plan, pictures, policies and tests with packets. */
export function reachability(estate: Estate): Reachability {
  const tables = makeTables(estate);
  return {
    estate,
    nodes: [...tables.services.keys(), ...PLACES, ...otherMachines(estate)],
    ask: (from, to, port) => answer(tables, from, to, port),
    portsOf: (node) => [...(tables.ports.get(node)?.values() ?? [])],
    relaysOf: (from) => relaysOf(tables, from),
  };
}

/** Every other machine that some flow names, sorted. */
export function otherMachines({ flows }: Pick<Estate, "flows">): string[] {
  return [...new Set(flows.flatMap(({ from, to }) => [from, to]).filter(isMachine))].sort();
}

interface Tables {
  readonly estate: Estate;
  readonly services: ReadonlyMap<string, Estate["services"][number]>;
  readonly memberships: Memberships<PlannedNetwork>;
  readonly flows: FlowsByEnds;
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Ports by node, each once. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, Port>>;
}

function makeTables(estate: Estate): Tables {
  const ports = new Map<string, Map<string, Port>>();
  const hosts = new Map<string, string[]>();
  const addPort = (node: string, port: Port): void => {
    placed(ports, node, () => new Map<string, Port>()).set(formatPort(port), port);
  };
  for (const { name, listens } of estate.services) {
    for (const number of listens) addPort(name, { number, protocol: "tcp" });
  }
  for (const { to, ports: own } of estate.flows) {
    for (const port of own) addPort(to, port);
  }
  for (const { client, hosts: own } of estate.allowed) placed(hosts, client, () => []).push(...own);
  return {
    estate,
    services: new Map(estate.services.map((service) => [service.name, service])),
    memberships: plannedMemberships(estate.networks),
    flows: flowsByEnds(estate.flows),
    hosts,
    ports,
  };
}

function placed<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function answer(tables: Tables, from: string, to: string, port: Port): Answer {
  for (const name of [from, to]) {
    if (!tables.services.has(name) && !isPlace(name)) throw new RangeError(`no service or place ${name}`);
  }
  if (from === to) return { reachable: true, ways: [{ network: "loopback", why: "it is the same" }] };
  if (isPlace(from) && isPlace(to)) return no("neither is a container of this machine");
  if (to === "metadata") return no("nothing reaches the metadata service: its answers are the machine's own identity");
  if (to === "lan") return no("no container begins connections to the machine's neighbours");
  const lonely = isPlace(from) ? to : from;
  if (!tables.memberships.has(lonely)) return no(`${lonely} is on no network at all`);
  if (!isPlace(to) && !tables.memberships.has(to)) return no(`${to} is on no network at all`);
  if (from === "host") return fromHost(tables, to, port);
  if (from === "lan" || isMachine(from)) return fromNeighbour(tables, from, to, port);
  if (isPlace(from)) return no(`nothing is published to ${from}: connections are begun from inside`);
  return fromService(tables, from, to, port);
}

/** The host has an address on every bridge. What no flow opens to its accounts, and what is not published, is root's. */
function fromHost(tables: Tables, to: string, port: Port): Answer {
  const [declared, published] = ["host", "lan"].map((from) => flowsBetween(tables, from, to));
  const on = (flows: readonly Flow[] | undefined, network: string): readonly Flow[] =>
    (flows ?? []).filter((flow) => waysOf(tables, [flow], port).some((way) => way.network === network));
  const why = (network: string): string => {
    const byFlow = on(declared, network).map((flow) => `${accountOf(flow)}: ${flow.why}`);
    const byPort = on(published, network).map((flow) => `any account of the host, by the published port: ${flow.why}`);
    return (byFlow.length > 0 ? byFlow : byPort.slice(0, 1)).join("; ") || ROOT_ALONE;
  };
  const carriers = [...(tables.memberships.get(to) ?? [])];
  const ways = carriers.map(({ name, gateway, addresses }) => ({
    network: name,
    source: gateway,
    ...destinationOf(addresses[to]),
    why: why(name),
  }));
  return { reachable: true, ways };
}

function accountOf({ account }: Flow): string {
  return account === undefined ? "any account of the host" : `the account ${String(account)} of the host`;
}

/** What is open to all neighbours is open to a machine that has a name, too. */
function fromNeighbour(tables: Tables, from: string, to: string, port: Port): Answer {
  const flows = [...new Set([from, "lan"])].flatMap((one) => flowsBetween(tables, one, to));
  const ways = waysOf(tables, flows, port);
  if (ways.length === 0) {
    if (flows.length === 0) return no(`${to} publishes nothing`);
    return no(`${to} publishes ${portsOf(flows)}, not ${formatPort(port)}`);
  }
  const { address } = tables.estate.publish;
  if (isLoopback(address)) return no(`published on ${address} only, which no neighbour reaches`);
  return { reachable: true, ways };
}

function fromService(tables: Tables, from: string, to: string, port: Port): Answer {
  const flows = flowsBetween(tables, from, to);
  const ways = waysOf(tables, flows, port);
  if (ways.length > 0) return { reachable: true, ways };
  if (to === "resolver" && tables.estate.resolvers.some(isPublic)) {
    // A name server with a public address is one of the internet.
    const outside = waysOf(tables, flowsBetween(tables, from, "internet"), port);
    if (outside.length > 0) return { reachable: true, ways: outside };
  }
  const address = addressOf(tables.estate, to);
  if (address !== undefined && isPublic(address)) {
    const outside = waysOf(tables, flowsBetween(tables, from, "internet"), port);
    if (outside.length > 0) return { reachable: true, ways: outside };
  }
  return no(isPlace(to) ? whyNotOutside(tables, from, to, flows, port) : whyNotService(tables, from, to, flows, port));
}

function whyNotOutside(tables: Tables, from: string, to: string, flows: readonly Flow[], port: Port): string {
  if (flows.length > 0) return `flows go to ${to} on port ${portsOf(flows)} only, not ${formatPort(port)}`;
  if (to === "host") return "no flow to the host is declared";
  const internal = [...(tables.memberships.get(from) ?? [])].every((network) => network.internal);
  const directly = internal ? `${from} is on internal networks only` : `no flow from ${from} to ${to} is declared`;
  const relays = to === "internet" ? relaysOf(tables, from) : [];
  return [directly, ...relays.map(({ proxy, hosts }) => `through ${proxy} to ${hosts.join(", ") || "nothing"}`)].join(
    "; ",
  );
}

function whyNotService(tables: Tables, from: string, to: string, flows: readonly Flow[], port: Port): string {
  const shared = sharedNetworks(from, to, tables.memberships);
  if (shared.length === 0) return "they share no network";
  const names = shared.map(({ name }) => name).join(", ");
  if (shared.every(({ internal }) => !internal)) return `they share ${names}, where members cannot reach each other`;
  if (flows.length > 0) {
    return `they share ${names}, but flows go to port ${portsOf(flows)} only, not ${formatPort(port)}`;
  }
  return `they share ${names}, but no flow from ${from} to ${to} is declared`;
}

function relaysOf(tables: Tables, from: string): Relay[] {
  return [...(tables.flows.get(from) ?? [])].flatMap(([proxy, flows]) => {
    if (tables.services.get(proxy)?.proxy !== true || flowsBetween(tables, proxy, "internet").length === 0) return [];
    return [{ proxy, ports: flows.flatMap(({ ports }) => ports), hosts: tables.hosts.get(from) ?? [] }];
  });
}

function flowsBetween({ flows }: Tables, from: string, to: string): readonly Flow[] {
  return flows.get(from)?.get(to) ?? [];
}

/** The one address that another machine has; undefined where the settings name none. */
function addressOf({ machines = {} }: Estate, node: string): string | undefined {
  return isMachine(node) ? own(machines, machineOf(node))?.address : undefined;
}

function waysOf({ estate, memberships }: Tables, flows: readonly Flow[], port: Port): Way[] {
  return flows
    .filter(({ ports }) => ports.some(({ number, protocol }) => number === port.number && protocol === port.protocol))
    .flatMap((flow) => pathsAmong(flow, memberships))
    .map(({ flow, network, source, destination }) => ({
      network: network.name,
      ...sourceOf(source ?? addressOf(estate, flow.from)),
      ...destinationOf(flow.to === "host" ? network.gateway : (destination ?? addressOf(estate, flow.to))),
      why: flow.why,
    }));
}

function sourceOf(source: string | undefined): { source?: string } {
  return source === undefined ? {} : { source };
}

function destinationOf(destination: string | undefined): { destination?: string } {
  return destination === undefined ? {} : { destination };
}

function portsOf(flows: readonly Flow[]): string {
  return flows.flatMap(({ ports }) => ports.map(formatPort)).join(", ");
}

function no(reason: string): Answer {
  return { reachable: false, reason };
}
