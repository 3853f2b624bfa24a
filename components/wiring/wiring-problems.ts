import type { Problem } from "../lib/problems.ts";
import type { Flow } from "../network/flow.ts";
import type { Endpoint, Service } from "./blueprint.ts";
import type { Group } from "./group.ts";
import { keyProblems } from "./key-problems.ts";
import { nameProblems } from "./name-problems.ts";
import { isUnbound } from "./later.ts";
import type { Offer } from "./other-machine.ts";
import { isThere } from "./absence-problems.ts";
import type { Looks } from "./rendering.ts";
import { begunBy, wireOf } from "./relations.ts";
import type { ServiceRelation } from "./relations.ts";

interface WiringInput {
  readonly services: readonly Service[];
  readonly programs: readonly Service[];
  readonly groups: readonly Group[];
  readonly relations: readonly ServiceRelation[];
  readonly offers: readonly Offer[];
  /** Those who are not switched off. */
  readonly there: readonly Service[];
  /** Wires that their configurations look up. */
  readonly looks: Looks;
  readonly flows: readonly Flow[];
}

/** Handles that lead to nobody or that nobody uses, names that two have, and groups that join what must not meet. */
export function wiringProblems({
  services,
  programs,
  groups,
  relations,
  offers,
  there,
  looks,
  flows,
}: WiringInput): Problem[] {
  const everybody = [...services, ...programs];
  return [
    ...nameProblems(everybody),
    ...offers.flatMap((own) => offerProblems(own, services)),
    ...relations.flatMap((relation) => absent(relation, everybody)),
    ...begunBy(there, relations).flatMap((relation) => unused(relation, looks, flows)),
    ...relations.flatMap((relation) => hostsWithoutProxy(relation)),
    ...keyProblems(relations),
    ...services.flatMap((service) => unaskedDatabase(service, relations)),
    ...groups.flatMap((group) => groupProblems(group, services)),
  ];
}

/** A handle of another machine stands for no container of this one. */
export function isElsewhere(service: Service & Partial<Endpoint>): boolean {
  return service.machine !== undefined;
}

export function elsewhereProblems(service: Service): Problem[] {
  if (!isElsewhere(service)) return [];
  const expected = "services of this machine: who is passed a handle of another machine asks there";
  return [{ property: `services.${service.name}`, found: "a handle of another machine", expected }];
}

/** Handles that were promised and never bound. */
export function unboundProblems(services: readonly Service[]): Problem[] {
  const told = (property: string, { name }: Service): Problem => ({
    property,
    found: `later("${name}"), which was never bound`,
    expected: "its `.is(handle)`",
  });
  return services.flatMap((service) => {
    if (isUnbound(service)) return [told(`services.${service.name}`, service)];
    return Object.entries(service.blueprint.uses).flatMap(([wire, use]) =>
      use === undefined || !isUnbound(use.to) ? [] : [told(`services.${service.name}.${wire}`, use.to)],
    );
  });
}

function offerProblems({ service, to }: Offer, services: readonly Service[]): Problem[] {
  if (services.includes(service)) return [];
  return [
    {
      property: `offers.${to.name}`,
      found: `${service.name}, which is not on the machine`,
      expected: "a handle that is among the machine's services too",
    },
  ];
}

function absent(relation: ServiceRelation, services: readonly Service[]): Problem[] {
  const { to, use } = relation;
  if (use.to.machine !== undefined || services.some(({ blueprint }) => blueprint === use.to.blueprint)) return [];
  const other = services.some(({ name }) => name === to);
  return [
    {
      property: wireOf(relation),
      found: other ? `another ${to} than the machine's` : `${to}, which is not on the machine`,
      expected: "a handle that is among the machine's services too",
    },
  ];
}

function unused(relation: ServiceRelation, looks: Looks, flows: readonly Flow[]): Problem[] {
  const { from, to, wire, use, ends } = relation;
  const isUsed = (["facts", "files"] as const).some((look) => looks(from, wire, look));
  if (use.configuredBy !== undefined) return excuse(`${wireOf(relation)}.configuredBy`, use.configuredBy, isUsed);
  // What it would do with one that is switched off, it does not show.
  if (isUsed || (looks(from, wire, "has") && !isThere(ends, flows))) return [];
  return [
    {
      property: wireOf(relation),
      found: `the handle of ${to}, which the configuration of ${from} never uses`,
      expected: "no such handle: nothing is declared that is not so",
    },
  ];
}

/** Who else has the client ask, where our own configuration does not. */
function excuse(property: string, configuredBy: string, isUsed: boolean): Problem[] {
  if (isUsed) return [{ property, found: "a handle that our configuration uses", expected: "no such words" }];
  if (configuredBy.trim().split(/\s+/).length > 1) return [];
  return [{ property, found: JSON.stringify(configuredBy), expected: "who has it ask, in a few words" }];
}

function hostsWithoutProxy({ from, to, wire, use }: ServiceRelation): Problem[] {
  if (use.hosts === undefined || use.to.speaks === "forward-proxy") return [];
  const found = `hosts to ask ${to} for, which is no forward proxy`;
  return [{ property: `services.${from}.${wire}.hosts`, found, expected: "none" }];
}

/** What only its clients' logins open is opened by nobody, its own health check included. */
function unaskedDatabase({ name, blueprint }: Service, relations: readonly ServiceRelation[]): Problem[] {
  if (blueprint.serves?.login === undefined || relations.some(({ to }) => to === name)) return [];
  return [
    {
      property: `services.${name}`,
      found: "no client",
      expected: "a service that takes its handle, or no such service",
    },
  ];
}

/** On a shared network everybody meets. Members that no relation joins are refused with the plan of networks. */
function groupProblems({ name, members }: Group, services: readonly Service[]): Problem[] {
  const property = `groups.${name}`;
  const strangers = members.filter((member) => !services.includes(member));
  const proxies = members.filter(({ blueprint }) => blueprint.serves?.speaks === "forward-proxy");
  return [
    ...(members.length < 2 ? [{ property, found: `${String(members.length)} members`, expected: "at least two" }] : []),
    ...strangers.map((member) => ({
      property,
      found: `${member.name}, which is not on the machine`,
      expected: "services of the machine",
    })),
    ...proxies.map((proxy) => ({
      property,
      found: `the proxy ${proxy.name}, through which all of them would get out`,
      expected: "a network of its own for the proxy and each client",
    })),
  ];
}
