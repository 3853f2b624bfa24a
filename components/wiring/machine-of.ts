import type { FileContext } from "../files/service-files.ts";
import { own } from "../lib/own.ts";
import type { Problem } from "../lib/problems.ts";
import type { HostDefinition } from "../host/bundle/host-spec.ts";
import type { ConfiguredProgram, MachineDefinition, NetworkRequest } from "../machine/machine-definition.ts";
import { flow, machineNode } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import { external } from "../secrets/secret.ts";
import type { SecretSpec } from "../secrets/secret.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { SettingsPart } from "../settings/part.ts";
import type { OwnSecret, Service } from "./blueprint.ts";
import { isProgram } from "./host-program.ts";
import type { HostProgram } from "./host-program.ts";
import { programProblems } from "./program-problems.ts";
import { circleProblems } from "./circle-problems.ts";
import type { Group } from "./group.ts";
import type { Offer } from "./other-machine.ts";
import { sharedSecrets } from "./name-problems.ts";
import { handedProblems } from "./handed-secret.ts";
import { readNumberLock, unnumbered, withNumbers } from "./number-lock.ts";
import type { NumberLock, Numbered } from "./number-lock.ts";
import { loginKey, ownKey, relationNetworks, serviceRelations, waysOut } from "./relations.ts";
import type { RelationNetwork, ServiceRelation } from "./relations.ts";
import { partOf, programRenderingOf, renderingOf, selfOf } from "./rendering.ts";
import type { Looks, Watch, Wiring } from "./rendering.ts";
import { absenceProblems } from "./absence-problems.ts";
import { elsewhereProblems, isElsewhere, unboundProblems, wiringProblems } from "./wiring-problems.ts";

/** A machine, said by its services: everything else follows from what was passed to whom. */
export interface MachineSpec {
  readonly services: readonly Service[];
  /** Programs of the machine itself that services ask, or that ask services: `[front]`. @default none */
  readonly programs?: readonly HostProgram[];
  /** `[group("logs", "whoever writes logs meets who keeps them", […])]`. @default each relation has its own network */
  readonly groups?: readonly Group[];
  /**
   * The file with the machine's numbers, which a command writes and which is committed: `"finder.numbers.json"`, a path
   * from the directory that the program runs in.
   */
  readonly numbers: string;
  /** `[offer(search, web, "its pages have a search box")]`. @default none: no other machine asks a service here */
  readonly offers?: readonly Offer[];
  /** See {@link MachineDefinition.subnetPrefix}. */
  readonly subnetPrefix?: number;
  /** See {@link MachineDefinition.requireDeclaration}. */
  readonly requireDeclaration?: boolean;
  /** See {@link MachineDefinition.host}. */
  readonly host?: HostDefinition;
}

/**
 * Derives flows, networks, addresses, allow-lists and secrets from handles. Problems are kept for the plan to report.
 *
 * @example
 * ```ts
 * const finder = machine("finder", {
 *   numbers: "finder.numbers.json",
 *   services: [search, cache, out],
 * });
 * ```
 */
export function machine(role: string, spec: MachineSpec): MachineDefinition {
  const { groups = [], offers = [], programs: given = [], numbers: file, ...rest } = spec;
  const unbound = unboundProblems([...spec.services, ...given]);
  // What a handle of nobody would lead to is guesswork, so nothing else is told of such a machine.
  if (unbound.length > 0) return unboundMachine(role, spec, unbound);
  const services = spec.services.filter((own) => !isElsewhere(own) && own.program === undefined);
  const programs = given.filter(isProgram);
  const everybody = [...services, ...programs];
  const relations = serviceRelations(everybody, groups);
  const networks = relationNetworks(everybody, groups, offers);
  const wanted: Numbered = { services: services.map(({ name }) => name), networks };
  const read = readNumberLock(file);
  const missing = read.problems.length > 0 ? [] : unnumbered(read.lock, wanted);
  // Without a number of its own a service still has the rest of its problems told.
  const lock = withNumbers(read.lock, wanted);
  const wiring: Wiring = {
    relations,
    secretName: (key) => own(lock.secrets, key) ?? usualName(key),
    numberOf: (name) => own(lock.services, name) ?? 0,
    networkName: ({ network }) => own(lock.networks, network)?.name ?? network,
  };
  const minted = mintedSecrets(services, relations);
  return {
    role,
    ...rest,
    services: services.map((service) => specOf(service, wiring)),
    flows: [
      ...relations.filter(({ ends }) => ends.from !== ends.to).map((relation) => flowOf(relation, programs, wiring)),
      ...waysOut(services).map(({ from, to, ports, why }) => flow(from, to, ports, why)),
      ...offers.map(({ service, to, why }) => flow(machineNode(to.name), service.name, service.port, why)),
    ],
    networks: networks.map((own) => networkOf(own, lock)).sort((a, b) => a.number - b.number),
    allowed: relations.flatMap(({ from, use }) => (use.hosts ?? []).map((hosts) => ({ client: from, ...hosts }))),
    ...othersOf(relations, offers),
    secrets: secretsOf(minted, services, wiring),
    ...(programs.length > 0 && { programs: (context) => configured(programs, wiring, context) }),
    settings: partsOf(everybody),
    wiring: {
      numbers: { file, wanted, problems: read.problems, missing },
      problems: (context, present) => {
        // Who is switched off need not have been told what it is rendered from.
        const there = everybody.filter((own) => isProgram(own) || present.has(own.name));
        const looks = looksOf(there, wiring, context);
        return [
          ...sharedSecrets(
            minted.map(({ key }) => key),
            wiring.secretName,
          ),
          ...spec.services.flatMap(elsewhereProblems),
          ...wiringProblems({ services, programs, groups, relations, offers, there, looks, flows: context.flows }),
          ...circleProblems(relations),
          ...handedProblems(there, services, looks, context.settings),
          ...absenceProblems(there, relations, looks, context),
          ...programProblems(spec.services, given),
        ];
      },
    },
  };
}

/** A machine of which nothing can be said but that handles lead nowhere. */
function unboundMachine(role: string, { numbers: file }: MachineSpec, problems: readonly Problem[]): MachineDefinition {
  const wanted: Numbered = { services: [], networks: [] };
  const wiring = { numbers: { file, wanted, problems: [], missing: [] }, problems: () => problems };
  return { role, services: [], flows: [], networks: [], allowed: [], secrets: [], wiring };
}

function specOf(service: Service, wiring: Wiring): ServiceSpec {
  const { name, blueprint } = service;
  const { files, reconcile } = blueprint;
  return {
    ...blueprint.facts(selfOf(service, wiring)),
    name,
    number: wiring.numberOf(name),
    ...(files !== undefined && { files: (context: FileContext) => files(renderingOf(service, wiring, context)) }),
    ...(reconcile !== undefined && {
      reconcile: (context: FileContext) => reconcile(renderingOf(service, wiring, context)),
    }),
  };
}

/** Other machines, each once. */
function othersOf(
  relations: readonly ServiceRelation[],
  offers: readonly Offer[],
): Pick<MachineDefinition, "otherMachines"> {
  const machines = [...relations.flatMap(({ use }) => use.to.machine ?? []), ...offers.map(({ to }) => to)];
  if (machines.length === 0) return {};
  return { otherMachines: [...new Map(machines.map((one) => [one.name, one])).values()] };
}

function flowOf(relation: ServiceRelation, programs: readonly HostProgram[], { networkName }: Wiring): Flow {
  const { from, ends, use } = relation;
  const own = {
    ...flow(ends.from, ends.to, use.to.port, use.why),
    ...(use.start !== undefined && { start: use.start }),
    ...(use.authenticatedBy !== undefined && { authenticatedBy: use.authenticatedBy.name }),
  };
  if (ends.to === "host") return { ...own, program: use.to.name, network: networkName(relation) };
  const asking = programs.find(({ name }) => name === from);
  if (asking === undefined) return own;
  return { ...own, program: from, network: networkName(relation), account: asking.program.account ?? 0 };
}

/** What the settings say of whom. */
function partsOf(everybody: readonly Service[]): SettingsPart[] {
  const told = everybody.flatMap(({ name, blueprint }) =>
    (blueprint.settings ?? []).map((own) => [partOf(own), "part" in own ? own.of.name : name] as const),
  );
  const parts = Map.groupBy(told, ([part]) => part);
  return [...parts].map(([part, of]) => ({ ...part, of: [...new Set(of.map(([, name]) => name))] }));
}

/** What each program has the machine configured with. */
function configured(programs: readonly HostProgram[], wiring: Wiring, context: FileContext): ConfiguredProgram[] {
  return programs.flatMap((own) => {
    const self = programRenderingOf(own, wiring, context);
    const host = own.program.configure?.(self);
    return host === undefined ? [] : [{ program: own.name, host, problems: own.program.problems?.(self) ?? [] }];
  });
}

function networkOf({ key, why, members, egress }: RelationNetwork, { networks }: NumberLock): NetworkRequest {
  return { ...(own(networks, key) ?? { name: key, number: 0 }), why, members, ...(egress && { egress: true }) };
}

/** A secret that the machine mints, under its key in the lock. */
interface Minted extends OwnSecret, Pick<SecretSpec, "of"> {
  readonly key: string;
}

/** One for each client of a server that asks for one, or for all of them, and the services' own. */
function mintedSecrets(services: readonly Service[], relations: readonly ServiceRelation[]): Minted[] {
  const logins = relations.flatMap(({ from, use }): Minted[] => {
    const login = use.to.blueprint.serves?.login;
    if (login === undefined) return [];
    return [{ key: loginKey(from, use.to), why: login.why, source: { type: "password", length: 40 } }];
  });
  const own = services.flatMap(({ name, blueprint }) =>
    Object.entries(blueprint.secrets ?? {}).map(([key, one]): Minted => ({ key: ownKey(name, key), of: name, ...one })),
  );
  return [...logins, ...own];
}

/** Those that the machine mints, and those that others issue: each once, whoever shares it. */
function secretsOf(minted: readonly Minted[], services: readonly Service[], { secretName }: Wiring): SecretSpec[] {
  const named = minted.map(({ key, ...one }): SecretSpec => ({ name: secretName(key), ...one }));
  const given = services.flatMap(({ blueprint }) => Object.entries(blueprint.external ?? {}));
  const issued = new Map(given.map(([name, why]) => [name, external(name, why)]));
  return [...new Map(named.map((one) => [one.name, one])).values(), ...issued.values()];
}

/** `searxng -> valkey` is opened by `valkey-searxng`; `searxng key` is `searxng-key`. */
function usualName(key: string): string {
  const [client, server] = key.split(" -> ");
  return server === undefined ? key.replaceAll(" ", "-") : `${server}-${client ?? ""}`;
}

/** Renders everything once to see who looks up what. */
function looksOf(services: readonly Service[], wiring: Wiring, context: FileContext): Looks {
  const looks = new Set<string>();
  const watch: Watch = (service, wire, look) => looks.add(`${service} ${wire} ${look}`);
  for (const service of services) {
    service.program?.configure?.(programRenderingOf(service, wiring, context, watch));
    if (service.program !== undefined) continue;
    service.blueprint.facts(selfOf(service, wiring, watch));
    service.blueprint.files?.(renderingOf(service, wiring, context, watch));
    service.blueprint.reconcile?.(renderingOf(service, wiring, context, watch));
  }
  return (service, wire, look) => looks.has(`${service} ${wire} ${look}`);
}
