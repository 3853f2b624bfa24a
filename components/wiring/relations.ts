import type { AllowedHosts, Endpoint, PlaceRelation, Service } from "./blueprint.ts";
import { machineNode } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import type { ProgramUse } from "./host-program.ts";
import type { Group } from "./group.ts";
import type { Offer } from "./other-machine.ts";

/** A client of the machine, and whom it asks. */
export interface ServiceRelation {
  readonly from: string;
  /** A service of the machine, or another machine as an end of a flow. */
  readonly to: string;
  /** The client's name of it. */
  readonly wire: string;
  readonly use: ProgramUse;
  /** The ends of its flow: there a program of the machine is `host`. */
  readonly ends: Pick<Flow, "from" | "to">;
  /** What the network that carries it is for: the relation alone, or a group. */
  readonly network: string;
}

/** A service and a place outside the machine's containers. */
export interface WayOut extends PlaceRelation {
  readonly from: string;
  readonly to: string;
}

/** Relations on one network. */
export interface RelationNetwork {
  /** What it is for: `searxng -> valkey`, `group wazuh`, or `cloudflared -> outside`. Key in the lock of numbers. */
  readonly key: string;
  /** Its name on the machine, until a lock gives it another. */
  readonly suggestion: string;
  readonly why: string;
  readonly members: readonly string[];
  readonly egress: boolean;
}

/** `searxng -> valkey` */
export function relationKey(client: string, server: string): string {
  return `${client} -> ${server}`;
}

/** `searxng key`: what a service's own secret is called in a lock. */
export function ownKey(service: string, own: string): string {
  return `${service} ${own}`;
}

/** What the secret that lets a client in is called in a lock. */
export function loginKey(client: string, { name, blueprint }: Service): string {
  return blueprint.serves?.login?.shared === true ? ownKey(name, "login") : relationKey(client, name);
}

/** The end of a flow that a handle stands for. */
export function nodeOf({ name, machine }: Endpoint): string {
  return machine === undefined ? name : machineNode(machine.name);
}

/** What a report calls a relation: `services.search.cache`, or `programs.front.login`. */
export function wireOf({ from, wire, ends }: ServiceRelation): string {
  return `${ends.from === "host" ? "programs" : "services"}.${from}.${wire}`;
}

/** Every relation that a service begins, in the order of services and of their wires. */
export function serviceRelations(services: readonly Service[], groups: readonly Group[]): ServiceRelation[] {
  return services.flatMap(({ name, blueprint, program }) =>
    Object.entries(blueprint.uses).flatMap(([wire, use]) => {
      if (use === undefined) return [];
      const to = nodeOf(use.to);
      const shared = groups.find(({ members }) => [name, to].every((end) => has(members, end)));
      const own = use.to.machine === undefined ? relationKey(name, to) : outsideKey(name);
      const ends = { from: program === undefined ? name : "host", to: use.to.program === undefined ? to : "host" };
      return [{ from: name, to, wire, use, ends, network: shared === undefined ? own : groupKey(shared) }];
    }),
  );
}

/** The relations that some of the services begin. */
export function begunBy(services: readonly Service[], relations: readonly ServiceRelation[]): ServiceRelation[] {
  const names = new Set(services.map(({ name }) => name));
  return relations.filter(({ from }) => names.has(from));
}

export function waysOut(services: readonly Service[]): WayOut[] {
  return services.flatMap(({ name, blueprint }) =>
    (blueprint.places ?? []).map((relation) => {
      const [from, to] = relation.place === "lan" ? (["lan", name] as const) : [name, relation.place];
      return { ...relation, from, to };
    }),
  );
}

/**
 * The networks that carry the relations: each its own, but for groups, and one for all that a service has to do outside.
 * The host is asked on the address of any bridge, so that alone needs no way out.
 */
export function relationNetworks(
  services: readonly Service[],
  groups: readonly Group[],
  offers: readonly Offer[] = [],
): RelationNetwork[] {
  const between = serviceRelations(services, groups).filter(
    ({ network, use, ends }) =>
      use.to.machine === undefined && containersOf(ends).length > 0 && !groups.some((one) => groupKey(one) === network),
  );
  const single = new Map(
    between.map(({ from, to, ends, use, network }) => [
      network,
      { key: network, suggestion: `${from}-${to}`, why: use.why, members: containersOf(ends), egress: false },
    ]),
  );
  const grouped = groups.map((own) => ({
    key: groupKey(own),
    suggestion: own.name,
    why: own.why,
    members: own.members.map(({ name }) => name),
    egress: false,
  }));
  return [...single.values(), ...grouped, ...services.flatMap((own) => outside(own, offers))];
}

function containersOf({ from, to }: Pick<Flow, "from" | "to">): string[] {
  return [from, to].filter((end) => end !== "host");
}

function outside({ name, blueprint }: Service, offers: readonly Offer[]): RelationNetwork[] {
  const relations = [
    ...(blueprint.places ?? []).filter(({ place }) => place !== "host"),
    ...Object.values(blueprint.uses).filter((use) => use?.to.machine !== undefined),
    ...offers.filter(({ service }) => service.name === name),
  ];
  if (relations.length === 0) return [];
  const why = [...new Set(relations.flatMap((one) => one?.why ?? []))].join("; ");
  return [{ key: outsideKey(name), suggestion: `${name}-outside`, why, members: [name], egress: true }];
}

/** Docker sends what leaves a container by one of its networks: so there is one for all of it. */
function outsideKey(service: string): string {
  return `${service} -> outside`;
}

function groupKey({ name }: Group): string {
  return `group ${name}`;
}

function has(members: readonly Service[], name: string): boolean {
  return members.some((member) => member.name === name);
}

/** What a client may ask a forward proxy for, in one list. */
export function hostsOfUse({ hosts = [] }: { readonly hosts?: readonly AllowedHosts[] }): string[] {
  return hosts.flatMap((one) => one.hosts);
}
