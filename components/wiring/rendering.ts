import type { FileContext } from "../files/service-files.ts";
import { own } from "../lib/own.ts";
import type { Flow } from "../network/flow.ts";
import { pathsAmong, plannedMemberships } from "../network/paths.ts";
import type { PlannedNetwork } from "../network/plan-networks.ts";
import { secret } from "../secrets/reference.ts";
import type { SecretUse } from "../secrets/reference.ts";
import { userOf } from "../services/service.ts";
import { isOff } from "../settings/base.ts";
import { readPart } from "../settings/part.ts";
import type { SettingsPart } from "../settings/part.ts";
import type { Client, PartOf, Peer, ProgramRendering, Rendering, Self, Service, Use } from "./blueprint.ts";
import { hostsOfUse, loginKey, ownKey } from "./relations.ts";
import type { ServiceRelation } from "./relations.ts";

/** What the services of a machine know of each other. */
export interface Wiring {
  readonly relations: readonly ServiceRelation[];
  /** Name of the secret that a relation is opened with, or of a service's own: `searxng -> valkey`, `searxng key`. */
  readonly secretName: (key: string) => string;
  readonly numberOf: (service: string) => number;
  /** Name on the machine of the network that carries a relation. */
  readonly networkName: (relation: ServiceRelation) => string;
}

/**
 * What a service does with a wire: looks its other end up, before settings are known or after, asks whether it is there, or
 * reads a secret of another service by it.
 */
export type Look = "facts" | "files" | "has" | "taken";

/** Is told each wire that a service looks up. */
export type Watch = (service: string, wire: string, look: Look) => void;

/** Whether a service looks a wire up. */
export type Looks = (service: string, wire: string, look: Look) => boolean;

const nobody: Watch = () => undefined;

/** What a service knows before it is known where anybody is. */
export function selfOf({ name, blueprint }: Service, wiring: Wiring, watch = nobody, look: Look = "facts"): Self {
  return {
    name,
    clientNames: [...new Set(wiring.relations.filter(({ to }) => to === name).map(({ from }) => from))].sort(),
    use: (wire) => {
      const use = blueprint.uses[wire];
      if (use === undefined) throw new Error(`${name} has no wire ${wire}`);
      watch(name, wire, look);
      return peerOf(name, use, wiring);
    },
  };
}

/** What it knows while its files are rendered. */
export function renderingOf(service: Service, wiring: Wiring, context: FileContext, watch = nobody): Rendering {
  const { name, blueprint } = service;
  const { flows } = context;
  const known = selfOf(service, wiring, watch, "files");
  return {
    ...known,
    ...context,
    use: (wire) => {
      const peer = known.use(wire);
      const { machine } = blueprint.uses[wire]?.to ?? {};
      const tlsName = machine && own(context.settings.machines, machine.name)?.tlsName;
      if (tlsName === undefined) return peer;
      const authority = `${tlsName}:${String(peer.port)}`;
      return { ...peer, authority, url: `https://${authority}` };
    },
    has: (wire) => {
      watch(name, wire, "has");
      const ends = wiring.relations.find((one) => one.from === name && one.wire === wire)?.ends;
      return ends !== undefined && flows.some((one) => one.from === ends.from && one.to === ends.to);
    },
    clients: () => clientsOf(service, wiring, context),
    userOf: (other) => userOf({ ...other.blueprint.facts(selfOf(other, wiring)), number: wiring.numberOf(other.name) }),
    isOn: (other) => !isOff(context.settings, other.name),
    setting: (part) => {
      if (blueprint.settings?.some((known) => partOf(known) === part) !== true)
        throw new Error(`${name} has no ${part.name}`);
      return readPart(context.settings, part);
    },
    taken: (wire, use) => {
      const taken = blueprint.takes?.[wire];
      if (taken === undefined) throw new Error(`${name} takes no secret ${wire}`);
      watch(name, wire, "taken");
      const { of, secret: key } = taken.from;
      return secret(wiring.secretName(ownKey(of.name, key)), use);
    },
    own: (key, use) => secret(wiring.secretName(ownKey(name, key)), use),
  };
}

/** What a program of the machine knows of those whom it asks and who ask it. */
export function programRenderingOf(
  program: Service,
  wiring: Wiring,
  context: FileContext,
  watch = nobody,
): ProgramRendering {
  const { name } = program;
  const known = renderingOf(program, wiring, context, watch);
  const networkOf = (relation: ServiceRelation): PlannedNetwork | undefined =>
    context.networks.find((one) => one.name === wiring.networkName(relation));
  return {
    ...context,
    name,
    has: known.has,
    isOn: known.isOn,
    setting: known.setting,
    use: (wire) => {
      const peer = known.use(wire);
      const relation = wiring.relations.find((one) => one.from === name && one.wire === wire);
      const address = relation && own(networkOf(relation)?.addresses ?? {}, relation.to);
      // One that is switched off has no address.
      if (address === undefined) return peer;
      const authority = `${address}:${String(peer.port)}`;
      return { ...peer, authority, url: `http://${authority}` };
    },
    clients: () => clientsOf(program, wiring, context),
    addresses: () => {
      const asked = wiring.relations.filter(({ to }) => to === name);
      return [...new Set(asked.flatMap((relation) => networkOf(relation)?.gateway ?? []))].sort();
    },
  };
}

function peerOf(client: string, { to }: Use, wiring: Wiring): Peer {
  const authority = `${to.name}:${String(to.port)}`;
  return {
    name: to.name,
    port: to.port,
    speaks: to.speaks,
    authority,
    url: `http://${authority}`,
    login: (use) => login(client, to, wiring, use),
  };
}

/** What the settings say, of whomever. */
export function partOf(known: SettingsPart | PartOf): SettingsPart {
  return "part" in known ? known.part : known;
}

function clientsOf(service: Service, wiring: Wiring, { flows, networks, settings }: FileContext): Client[] {
  const memberships = plannedMemberships(networks);
  const here = wiring.relations.filter(({ from, to }) => to === service.name && !isOff(settings, from));
  return [...Map.groupBy(here, ({ from }) => from)]
    .map(([name, relations]): Client => {
      const asked = relations.flatMap((relation) => flowsOf(relation, flows, wiring));
      const paths = asked.flatMap((flow) => pathsAmong(flow, memberships));
      const addresses = [
        ...new Set(paths.flatMap(({ flow, source, network }) => fromHost(flow, network) ?? source ?? [])),
      ];
      return {
        name,
        addresses,
        everyAddress: [...new Set([...networks.flatMap((one) => own(one.addresses, name) ?? []), ...addresses])],
        hosts: relations.flatMap(({ use }) => hostsOfUse(use)),
        keys: relations.find(({ use }) => use.keys !== undefined)?.use.keys,
        login: (use) => login(name, service, wiring, use),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Flows of a relation: those of a program of the machine by the network that carries them. */
function flowsOf(relation: ServiceRelation, flows: readonly Flow[], wiring: Wiring): Flow[] {
  const { from, to } = relation.ends;
  return flows.filter(
    (one) =>
      one.from === from && one.to === to && (one.network === undefined || one.network === wiring.networkName(relation)),
  );
}

/** The machine asks by its own address of the network. */
function fromHost({ from }: Flow, { gateway }: PlannedNetwork): string | undefined {
  return from === "host" ? gateway : undefined;
}

function login(client: string, server: Service, { secretName }: Wiring, use?: SecretUse): string {
  if (server.blueprint.serves?.login === undefined) throw new Error(`${server.name} asks ${client} for no secret`);
  return secret(secretName(loginKey(client, server)), use);
}
