import type { AllowedHosts, PlaceRelation, Service, Use } from "./blueprint.ts";
import type { Group } from "./group.ts";

/** A client and a server of one machine. */
export interface ServiceRelation {
  readonly from: string;
  readonly to: string;
  /** The client's name of it. */
  readonly wire: string;
  readonly use: Use;
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

/** Every relation between two services, in the order of services and of their wires. */
export function serviceRelations(services: readonly Service[], groups: readonly Group[]): ServiceRelation[] {
  return services.flatMap(({ name, blueprint }) =>
    Object.entries(blueprint.uses).flatMap(([wire, use]) => {
      if (use === undefined) return [];
      const shared = groups.find(({ members }) => [name, use.to.name].every((end) => has(members, end)));
      const network = shared === undefined ? relationKey(name, use.to.name) : groupKey(shared);
      return [{ from: name, to: use.to.name, wire, use, network }];
    }),
  );
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
export function relationNetworks(services: readonly Service[], groups: readonly Group[]): RelationNetwork[] {
  const between = serviceRelations(services, groups).filter(
    ({ network }) => !groups.some((one) => groupKey(one) === network),
  );
  const single = new Map(
    between.map(({ from, to, use, network }) => [
      network,
      { key: network, suggestion: `${from}-${to}`, why: use.why, members: [from, to], egress: false },
    ]),
  );
  const grouped = groups.map((own) => ({
    key: groupKey(own),
    suggestion: own.name,
    why: own.why,
    members: own.members.map(({ name }) => name),
    egress: false,
  }));
  return [...single.values(), ...grouped, ...services.flatMap(outside)];
}

function outside({ name, blueprint }: Service): RelationNetwork[] {
  const relations = (blueprint.places ?? []).filter(({ place }) => place !== "host");
  const [first] = relations;
  if (first === undefined) return [];
  const why = relations.map((one) => one.why).join("; ");
  return [{ key: `${name} -> outside`, suggestion: `${name}-outside`, why, members: [name], egress: true }];
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
