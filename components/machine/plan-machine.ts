import { containerOptions } from "../container/container-schema.ts";
import { containerProblems } from "../container/container-problems.ts";
import type { VolumeMount, Writable } from "../container/facts.ts";
import type { LimitedCgroup, OwnedVolume } from "../container/host-scripts.ts";
import { imageReference } from "../container/image-lock.ts";
import type { ImageLock, LockedImage } from "../container/image-lock.ts";
import { pidCgroup } from "../container/pid-cgroup.ts";
import type { ContainerNetwork, PlacedContainer } from "../container/posture.ts";
import { isWaived, runtimesOf } from "../container/posture.ts";
import { fileProblems, fingerprint, planFiles } from "../files/plan-files.ts";
import type { ServiceFiles } from "../files/plan-files.ts";
import { reconcileProblems } from "../files/reconcile.ts";
import type { PlannedReconcile } from "../files/reconcile.ts";
import type { HostSpec } from "../host/bundle/host-spec.ts";
import { own } from "../lib/own.ts";
import { refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { isMachine } from "../network/flow.ts";
import type { Flow } from "../network/flow.ts";
import { networkProblems } from "../network/network-problems.ts";
import { plannedMemberships } from "../network/paths.ts";
import { planNetworks } from "../network/plan-networks.ts";
import type { PlannedNetwork } from "../network/plan-networks.ts";
import { planSecrets } from "../secrets/plan-secrets.ts";
import type { PlannedSecret } from "../secrets/plan-secrets.ts";
import type { SecretSpec } from "../secrets/secret.ts";
import { userOf } from "../services/service.ts";
import type { ServiceSpec } from "../services/service.ts";
import type { Settings } from "../settings/settings.ts";
import { foreignFiles, nameClaims, sharedClaims } from "./claims.ts";
import type { Commands, UnlockedImage } from "./commands.ts";
import type { MachineDefinition } from "./machine-definition.ts";
import { planDeclarations } from "./declarations.ts";
import type { Declarations } from "./declarations.ts";
import { hostWithPrograms, programAddresses } from "./host-programs.ts";
import { planReconciles } from "./plan-reconciles.ts";
import { hostSettingProblems, planHost } from "./plan-host.ts";
import { missingServices, secretsLeft, switchProblems, withoutServices } from "./present-services.ts";
import type { MissingService } from "./present-services.ts";
import { hostsOf, otherMachineProblems, withOtherMachines } from "./other-machines.ts";
import { numberProblems } from "./number-problems.ts";
import { fitLimits, scaleLimits } from "./scale.ts";
import { serversFirst } from "./servers-first.ts";
import { userProblems } from "./user-problems.ts";

/** Everything that one machine gets, as plain data. */
export interface MachinePlan {
  readonly settings: Settings;
  readonly labels: Readonly<Record<string, string>>;
  /** By how much a lab's host is smaller than the machine; 1 outside the lab. */
  readonly scale: number;
  /** The machine's own configuration. @default the machine is taken as it is */
  readonly host?: HostSpec;
  readonly networks: readonly PlannedNetwork[];
  readonly flows: readonly Flow[];
  readonly secrets: readonly PlannedSecret[];
  readonly files: readonly ServiceFiles[];
  /** What running servers are told. */
  readonly reconciles: readonly PlannedReconcile[];
  readonly volumes: readonly OwnedVolume[];
  readonly cgroups: readonly LimitedCgroup[];
  readonly containers: readonly PlannedContainer[];
  readonly declarations: Declarations;
  /** Switched off: there is no program to run, its image does not work yet, or the settings say so. */
  readonly missing: readonly MissingService[];
}

export interface PlannedContainer {
  readonly name: string;
  readonly container: PlacedContainer;
  /** Containers that have to be there first, without a circle. */
  readonly after: readonly string[];
}

export interface MachineInput {
  readonly definition: MachineDefinition;
  readonly settings: Settings;
  readonly stack: string;
  readonly images: ImageLock;
  /** Settings of external secrets that have a value, and whether it is kept encrypted. @default none */
  readonly given?: ReadonlyMap<string, "secret" | "plain">;
  /**
   * What to do with an image that has no digest. A lab's preview may come before the lab's images are built and
   * shows a placeholder that no registry serves; everything else is refused.
   */
  readonly unlocked: "refuse" | "placeholder";
  /** What a report tells to type. @default the package's own commands */
  readonly commands?: Commands;
}

/**
 * Works out what one machine gets.
 *
 * @throws {ProblemsError} with everything that is wrong, before a resource is declared
 */
export function planMachine(given: MachineInput): MachinePlan {
  const { settings } = given;
  const { estate } = settings;
  const missing = missingServices(given.definition, given.images, settings);
  const definition = withOtherMachines(withoutServices(given.definition, missing), settings);
  const input = { ...given, definition };
  const limits = (settings.lab ? scaleLimits : fitLimits)(definition.services, settings.resources);
  const network = planNetworks(
    definition.networks,
    definition.services,
    estate,
    settings.network,
    definition.subnetPrefix,
  );
  const images = definition.services.map((service) => ({ service, image: findImage(service, input) }));
  const context = { settings, networks: network.networks, flows: definition.flows, allowed: definition.allowed };
  const files = network.problems.length > 0 ? [] : planFiles(definition.services, context);
  const reconciles = network.problems.length > 0 ? [] : planReconciles(definition.services, context);
  const read = [...files, ...reconciles.map(({ asFile }) => asFile)];
  const left = secretsLeft(definition.secrets, read, network.problems.length > 0 ? [] : missing);
  const secrets = planSecrets(left, read, rotationsOf(left, definition, settings), input.given ?? new Map());
  const servers = serversFirst(definition.flows, read);
  const filesByService = new Map(files.map((own) => [own.service, own]));
  const memberships = plannedMemberships(network.networks);
  const inward = inwardFlows(definition.flows);
  const programs = hostWithPrograms(definition, context, settings);
  const host = hostOf({ ...input, definition: { ...definition, ...(programs.host && { host: programs.host }) } });
  const labels = { "garrison.estate": estate, "garrison.stack": input.stack };
  const containers = images.map(({ service, image }): PlannedContainer => {
    const own = limits.limits.get(service.name) ?? service;
    const ownFiles = filesByService.get(service.name);
    const hosts = {
      ...(service.agent === true && peersOf(service.name, memberships.get(service.name) ?? new Set())),
      ...hostsOf(service.name, definition.flows, settings),
      ...programAddresses(service.name, definition.flows, network.networks),
    };
    const publishes = publishedPorts(service.name, inward.get(service.name) ?? []);
    const standIn = "standIn" in image && image.standIn;
    const { entrypoint, ...options } = containerOptions(service);
    const container: PlacedContainer = {
      ...options,
      // The program that it names is not in a stand-in, which begins by itself.
      ...(entrypoint !== undefined && !standIn && { entrypoint }),
      ...own,
      ...(service.ulimits && { ulimits: grantable(service.ulimits, settings) }),
      writable: namedVolumes(service.writable, estate),
      containerName: `${estate}-${service.name}`,
      image: "reference" in image ? image.reference : placeholder(service),
      user: userOf(service),
      mounts: { ...service.mounts, ...(ownFiles && fileMounts(ownFiles)) },
      networks: networksOf(service.name, memberships.get(service.name) ?? new Set(), estate),
      resolvers: settings.resolvers,
      ownResolvers: settings.resolvers,
      publishes,
      publishAddress: settings.publish.address,
      labels: {
        ...labels,
        ...(standIn && { "garrison.stand-in": "true" }),
        ...(ownFiles && { "garrison.files": fingerprint(ownFiles, secrets.versionOf) }),
      },
      ...(service.agent === true && {
        cgroupParent: pidCgroup(settings.docker.cgroupDriver, estate, service.number),
      }),
      ...(Object.keys(hosts).length > 0 && { hosts }),
    };
    return { name: service.name, container, after: servers.get(service.name) ?? [] };
  });
  const users = userProblems(definition.services, host);
  const alreadyTold = new Set(users.map(({ property }) => property));
  refuse(`Machine ${definition.role} of stack ${input.stack}`, [
    ...limits.problems,
    ...programs.problems,
    ...(host === undefined ? [] : hostSettingProblems(host, settings.docker)),
    ...switchProblems(given.definition, settings),
    ...numberProblems(definition, given.commands),
    ...(given.definition.wiring?.problems(context, new Set(definition.services.map(({ name }) => name))) ?? []),
    ...network.problems,
    ...networkProblems(definition, settings),
    ...otherMachineProblems(given.definition, settings),
    ...fileProblems(files),
    ...reconcileProblems(reconciles),
    ...secrets.problems,
    ...imageProblems(images.flatMap(({ image }) => ("problem" in image ? [image.problem] : []))),
    ...volumeProblems(definition.services),
    ...nameClaims(definition.services, estate),
    ...definition.services.flatMap(foreignFiles),
    ...portProblems(definition),
    ...users,
    ...containers
      .flatMap(({ name, container }) => containerProblems(`services.${name}`, container))
      .filter(({ property }) => !alreadyTold.has(property)),
  ]);

  return {
    settings,
    labels,
    scale: limits.factor,
    ...(host !== undefined && { host }),
    networks: network.networks,
    flows: definition.flows,
    secrets: secrets.secrets,
    files,
    reconciles,
    containers,
    missing,
    declarations: planDeclarations(definition, files, (service) => `${estate}-${service}`),
    volumes: definition.services.flatMap((service) => volumesOf(service, estate)),
    cgroups: containers.flatMap(({ container }) =>
      container.cgroupParent === undefined ? [] : [{ cgroup: container.cgroupParent, pids: container.pids }],
    ),
  };
}

/** Without the rotations of secrets that are switched off: their count goes on when they are back. */
function rotationsOf(left: readonly SecretSpec[], { secrets }: MachineDefinition, settings: Settings): Settings {
  const names = new Set(left.map(({ name }) => name));
  const gone = new Set(secrets.flatMap(({ name }) => (names.has(name) ? [] : [name])));
  const rotations = Object.entries(settings.secrets).filter(([name]) => !gone.has(name));
  return { ...settings, secrets: Object.fromEntries(rotations) };
}

function hostOf({ definition, settings }: MachineInput): HostSpec | undefined {
  const { host, ...others } = settings;
  return host === undefined
    ? undefined
    : planHost({
        settings: { ...others, host },
        host: definition.host,
        agents: runtimesOf(definition.services).length > 0,
      });
}

/** A lab's daemon may be able to grant fewer open files than a machine's. */
function grantable(
  ulimits: NonNullable<ServiceSpec["ulimits"]>,
  settings: Settings,
): NonNullable<ServiceSpec["ulimits"]> {
  const most = settings.lab ? (settings.resources.openFiles ?? Infinity) : Infinity;
  return Object.fromEntries(
    Object.entries(ulimits).map(([name, [soft, hard]]) =>
      name === "nofile" ? [name, [Math.min(soft, most), Math.min(hard, most)]] : [name, [soft, hard]],
    ),
  );
}

type FoundImage = { readonly reference: string; readonly standIn: boolean } | { readonly problem: Problem };

function findImage(service: ServiceSpec, { images, unlocked, settings, stack, commands }: MachineInput): FoundImage {
  const found = imageReference(images, service.image);
  const image = images.images[service.image];
  const standIn = image?.program === "stand-in";
  const property = `images.${service.image}`;
  if ("reference" in found) {
    if (settings.lab || !standIn) return { ...found, standIn };
    return { problem: { property, found: "a stand-in", expected: "the real program, outside the lab" } };
  }
  if (unlocked === "placeholder") {
    return { reference: placeholder(service), standIn: false };
  }
  return {
    problem: {
      property,
      found: found.problem,
      ...wayToAnImage(image, settings, (way) => commands?.image?.({ key: service.image, stack, way })),
    },
  };
}

function wayToAnImage(
  image: LockedImage | undefined,
  { lab }: Settings,
  command: (way: UnlockedImage["way"]) => string | undefined,
): Pick<Problem, "expected" | "fix"> {
  const way = lab ? "lab" : image?.recipe === undefined ? "look-up" : "build";
  const fix = command(way);
  return { expected: expectedOf(way, image), ...(fix !== undefined && { fix }) };
}

function expectedOf(way: UnlockedImage["way"], image: LockedImage | undefined): string {
  if (way === "build") return "an image that was built";
  // A digest can only be looked up where the lock says where.
  const known = way === "lab" || typeof image?.repository === "string";
  return known ? "a digest in the image lock" : "its repository and tag in images.lock.json, then its digest";
}

/** Has the form of a reference and can be pulled from nowhere. */
function placeholder(service: ServiceSpec): string {
  return `unbuilt.invalid/${service.image}@sha256:${"0".repeat(64)}`;
}

/** Several services may share an image: its problem is told once. */
function imageProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.property, problem])).values()];
}

function volumeProblems(services: readonly ServiceSpec[]): Problem[] {
  return sharedClaims("volumes", services, (service) => volumeMounts(service).map(({ volume }) => volume));
}

/** All services of a machine publish on its one address. */
function portProblems({ services, flows }: MachineDefinition): Problem[] {
  const inward = inwardFlows(flows);
  return sharedClaims("publishes", services, ({ name }) => publishedPorts(name, inward.get(name) ?? []).map(String));
}

/** Flows from the machine's neighbours and from other machines by service: a machine may have thousands of both. */
function inwardFlows(flows: readonly Flow[]): ReadonlyMap<string, readonly Flow[]> {
  return Map.groupBy(
    flows.filter(({ from }) => isInward(from)),
    ({ to }) => to,
  );
}

function isInward(from: string): boolean {
  return from === "lan" || isMachine(from);
}

/** What is meant for the machine's neighbours and for other machines is published on an address of the machine. */
export function publishedPorts(service: string, flows: readonly Flow[]): number[] {
  const inward = flows.filter(({ from, to }) => isInward(from) && to === service);
  return [...new Set(inward.flatMap(({ ports }) => ports.map(({ number }) => number)))].sort((a, b) => a - b);
}

function fileMounts({ directories }: ServiceFiles): Record<string, string> {
  return Object.fromEntries(directories.map(({ target, source }) => [target, source]));
}

function volumeMounts(service: ServiceSpec): VolumeMount[] {
  return Object.values(service.writable).filter((mount) => mount.type === "volume");
}

function volumesOf(service: ServiceSpec, estate: string): OwnedVolume[] {
  const owner = {
    ...userOf(service),
    ...(isWaived(service.waivers ?? [], "container.user") && { fromImage: true as const }),
  };
  return volumeMounts(service).map(({ volume }) => ({ volume: `${estate}-${volume}`, ...owner }));
}

function namedVolumes(writable: ServiceSpec["writable"], estate: string): Record<string, Writable> {
  return Object.fromEntries(
    Object.entries(writable).map(([path, mount]) => [
      path,
      mount.type === "volume" ? { ...mount, volume: `${estate}-${mount.volume}` } : mount,
    ]),
  );
}

/** Everybody whom a container may meet, by name. */
function peersOf(name: string, networks: ReadonlySet<PlannedNetwork>): Record<string, string> {
  const peers = [...networks].flatMap(({ addresses }) => Object.entries(addresses));
  return Object.fromEntries(peers.filter(([peer]) => peer !== name).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Egress first, for whoever reads it: the provider joins them in an order of its own. */
function networksOf(name: string, networks: ReadonlySet<PlannedNetwork>, estate: string): ContainerNetwork[] {
  return [...networks]
    .flatMap((network) => {
      const address = own(network.addresses, name);
      return address === undefined ? [] : [{ network, address }];
    })
    .sort((a, b) => Number(a.network.internal) - Number(b.network.internal))
    .map(({ network, address }) => ({ name: `${estate}-${network.name}`, address }));
}
