import type { Problem } from "../lib/problems.ts";
import type { MachineDefinition, NetworkRequest } from "../machine/machine-definition.ts";
import type { ServiceSpec } from "../services/service.ts";
import { PLACES, flowsByEnds, formatPort, isPlace } from "./flow.ts";
import type { Flow, Port } from "./flow.ts";
import { carriersOf, membershipsOf, sharedNetworks } from "./paths.ts";
import type { Memberships } from "./paths.ts";

/** A network before it has addresses: enough to know who meets whom. */
export interface RequestedNetwork {
  readonly name: string;
  readonly internal: boolean;
}

/** The networks of a machine by their members, also where the plan has mistakes. */
function requestedMemberships(networks: readonly NetworkRequest[]): Memberships<RequestedNetwork> {
  const requested = networks.map(({ name, egress, members }) => ({ name, internal: egress !== true, members }));
  return membershipsOf(requested, ({ members }) => members);
}

/** Flows that name nobody, that nobody may have, that go to a closed port, that have no path, or that are told twice. */
export function flowProblems({ services, flows, networks }: MachineDefinition): Problem[] {
  const known = new Map(services.map((service) => [service.name, service]));
  const memberships = requestedMemberships(networks);
  const free = 1 + networks.reduce((most, { number }) => Math.max(most, number), 0);
  return [
    ...flows.flatMap((flow) => {
      const ends = endProblems(flow, known);
      if (ends.length > 0) return ends;
      return [
        ...agentProblems(flow, known),
        ...authenticatorProblems(flow, flows),
        ...accountProblems(flow),
        ...portProblems(flow, known),
        ...pathProblems(flow, memberships, free),
      ];
    }),
    ...repeated(flows),
  ];
}

export function flowName({ from, to }: Pick<Flow, "from" | "to">): string {
  return `flows.${from} -> ${to}`;
}

type Known = ReadonlyMap<string, ServiceSpec>;

function endProblems(flow: Flow, known: Known): Problem[] {
  const { from, to } = flow;
  const unknown = [from, to].filter((name) => !known.has(name) && !isPlace(name));
  if (unknown.length > 0) {
    const property = flowName(flow);
    const expected = `services of the machine (${[...known.keys()].sort().join(", ")}) or places (${PLACES.join(", ")})`;
    return [...new Set(unknown)].map((name) => ({ property, found: `unknown service or place ${name}`, expected }));
  }
  const forbidden = forbiddenEnd(from, to);
  return forbidden === undefined ? [] : [{ property: flowName(flow), ...forbidden }];
}

function forbiddenEnd(from: string, to: string): Pick<Problem, "found" | "expected"> | undefined {
  if (from === to) return { found: "a flow to itself", expected: "two ends: a container reaches itself anyway" };
  if (from === "metadata" || to === "metadata") {
    return { found: "the metadata service", expected: "no flow: whoever reads it has the machine's own identity" };
  }
  if (isPlace(from) && isPlace(to)) return { found: "two places", expected: "a service at one end" };
  if (from === "internet" || from === "resolver") {
    return { found: `connections that ${from} begins`, expected: "lan, or a tunnel that is begun from inside" };
  }
  if (to === "lan") return { found: "a connection to the machine's neighbours", expected: "one that they begin" };
  return undefined;
}

/** Who says who is asking: a service of the machine that the machine itself may ask. */
function authenticatorProblems({ from, to, authenticatedBy }: Flow, flows: readonly Flow[]): Problem[] {
  if (authenticatedBy === undefined) return [];
  const property = `${flowName({ from, to })}.authenticatedBy`;
  if (from !== "host") return [{ property, found: authenticatedBy, expected: "nothing: only the host is asked first" }];
  if (flows.some((other) => other.from === "host" && other.to === authenticatedBy)) return [];
  return [{ property, found: authenticatedBy, expected: "a service that the host has a flow to, and so can ask" }];
}

/**
 * Code that a model chose talks to a proxy, which knows what it may ask for, and to nobody else. It is asked by a program of
 * the machine alone, after somebody has said who is asking.
 */
function agentProblems(flow: Flow, known: Known): Problem[] {
  const from = known.get(flow.from);
  const to = known.get(flow.to);
  if (from?.agent !== true && to?.agent !== true) return [];
  const property = flowName(flow);
  const expected = "an agent container with no flow except to a proxy";
  const asked = flow.from === "host" && flow.authenticatedBy !== undefined;
  const login = flow.from === "host" ? ", or from the host with the service that says who is asking" : "";
  return [
    ...(to?.agent === true && !asked
      ? [{ property, found: `a flow to the agent container ${flow.to}`, expected: `${expected}${login}` }]
      : []),
    ...(from?.agent === true && to?.proxy !== true
      ? [{ property, found: `a flow of the agent container ${flow.from}`, expected }]
      : []),
  ];
}

/** Only what the machine itself begins is begun by an account of it. */
function accountProblems({ from, to, account }: Flow): Problem[] {
  if (account === undefined) return [];
  const property = `${flowName({ from, to })}.account`;
  if (from !== "host") return [{ property, found: String(account), expected: "none: the host does not begin it" }];
  if (Number.isInteger(account) && account >= 0 && account < 2 ** 32 - 1) return [];
  return [{ property, found: String(account), expected: "the number of an account: 33 for Debian's www-data" }];
}

function portProblems(flow: Flow, known: Known): Problem[] {
  const property = flowName(flow);
  if (flow.ports.length === 0) return [{ property, found: "no port", expected: "at least one port" }];
  const target = known.get(flow.to);
  return flow.ports.flatMap((port) => {
    const { number, protocol } = port;
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      return [{ property, found: `port ${formatPort(port)}`, expected: "a whole number from 1 to 65535" }];
    }
    if (target === undefined) return [];
    if (protocol === "tcp" && target.listens.includes(number)) return [];
    const found = `port ${formatPort(port)}, on which ${target.name} does not listen`;
    if (protocol === "udp") return [{ property, found, expected: "a TCP port: services listen on TCP only" }];
    const listens = target.listens.length === 0 ? "nothing" : target.listens.join(", ");
    return [{ property, found, expected: `what it listens on: ${listens}` }];
  });
}

function pathProblems(flow: Flow, memberships: Memberships<RequestedNetwork>, free: number): Problem[] {
  if (carriersOf(flow, memberships).length > 0) return [];
  const { from, to, why, network } = flow;
  const services = [from, to].filter((name) => !isPlace(name));
  const [only = ""] = services;
  const alone = services.filter((name) => !memberships.has(name));
  const line = (kind: string): string =>
    `${kind}("…", ${String(free)}, "${why}", [${services.map((name) => `"${name}"`).join(", ")}]) among the machine's networks`;
  const property = flowName(flow);
  if (services.length === 2) {
    const shared = sharedNetworks(from, to, memberships).map(({ name }) => name);
    return [
      {
        property,
        found:
          alone.length > 0
            ? `no path: ${alone.join(" and ")} on no network at all`
            : shared.length > 0
              ? `no path: they share ${shared.join(", ")} only, where members cannot reach each other`
              : "no path: they share no network",
        expected: "an internal network of both",
        fix: line("internal"),
      },
    ];
  }
  const own = [...(memberships.get(only) ?? [])].map(({ name }) => name);
  return [
    {
      property,
      found:
        own.length === 0
          ? `no path: ${only} on no network at all`
          : `no path: ${only} is on ${own.join(", ")} only, and none ${network === undefined ? "leads out" : `is ${network}`}`,
      expected: to === "host" || from === "host" ? `a network of ${only}` : `a network of ${only} that leads out`,
      fix: line(to === "host" || from === "host" ? "internal" : "egress"),
    },
  ];
}

/** A flow of another network or account is another one. */
function onNetwork({ network, account }: Flow, port: Port): string {
  const on = network === undefined ? "" : ` on ${network}`;
  return `${formatPort(port)}${on}${account === undefined ? "" : ` by account ${String(account)}`}`;
}

function repeated(flows: readonly Flow[]): Problem[] {
  const same = [...flowsByEnds(flows).values()].flatMap((byTo) => [...byTo.values()]);
  return same.flatMap((between) => {
    const [first] = between;
    const ports = between.flatMap((flow) => flow.ports.map((port) => onNetwork(flow, port)));
    if (first === undefined || ports.length === 1) return [];
    return [...Map.groupBy(ports, (port) => port)]
      .filter(([, times]) => times.length > 1)
      .map(([port, times]) => ({
        property: flowName(first),
        found: `port ${port} ${times.length === 2 ? "twice" : `${String(times.length)} times`}`,
        expected: "once",
      }));
  });
}
