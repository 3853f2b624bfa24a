import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { capabilityName } from "#containment/capability-names.ts";
import { CPU_PERIOD, cpuQuota } from "./cpu-quota.ts";
import type { ContainerFacts, User, Writable } from "./facts.ts";
import { lifetime } from "./lifetime.ts";
import { openedPorts } from "./published-ports.ts";
import type { PublishedPort } from "./published-ports.ts";
import { agentSeccomp } from "./seccomp/agent-profile.ts";
import type { Waiver, WaiverId } from "./waiver.ts";

/** One network that a container is on. */
export interface ContainerNetwork {
  /** Name of the Docker network. */
  readonly name: string;
  /** Static IPv4 address on it. */
  readonly address?: string;
}

/** A network that a container joins: the name comes from the network's resource, so the engine knows that they belong. */
export type JoinedNetwork = Omit<ContainerNetwork, "name"> & { readonly name: pulumi.Input<string> };

/** A placed container on the networks of this deployment. */
export type JoinedContainer = Omit<PlacedContainer, "networks"> & { readonly networks: readonly JoinedNetwork[] };

/** A container's facts with everything that depends on where it runs filled in. */
export interface PlacedContainer extends ContainerFacts {
  /** Name on the host. */
  readonly containerName: string;
  /** `repository@sha256:…`, or the id `sha256:…` of an image on the daemon. */
  readonly image: string;
  readonly user: User;
  /** Without a network the container has loopback only. */
  readonly networks: readonly ContainerNetwork[];
  /** Name servers that Docker's own resolver asks, from within the container's network. */
  readonly resolvers?: readonly string[];
  /**
   * Addresses of peers by name, for a resolver that is none of Docker's: gVisor's own network does not lead to it.
   * `host-gateway` is the host's own on the bridge.
   * @default Docker's resolver
   */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Options of the name servers, such as `"ndots:1"`. */
  readonly dnsOpts?: readonly string[];
  /** Domains in which names without a dot are looked for. */
  readonly dnsSearches?: readonly string[];
  /** Of `resolvers`, those that the machine's operator has set; any other that nobody knows needs a waiver. */
  readonly ownResolvers?: readonly string[];
  readonly domainname?: string;
  /** Ports published on an address of the machine: a TCP port under its own number, or more in so many words. */
  readonly publishes?: readonly (number | PublishedPort)[];
  /** Address of the machine on which `publishes` listens; 0.0.0.0, and ports below 1024, need a waiver. */
  readonly publishAddress?: string;
  /** Parent cgroup that carries the PID limit; agent containers have one. */
  readonly cgroupParent?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The hardened posture of a container as plain values, so that policies can judge every field at preview.
 *
 * CPU is a quota rather than `cpus`, for which the provider would replace the container. It sets a quota on a new container and never
 * changes it: `PidLimits` does, and an agent is replaced.
 */
export function hardenedPosture(name: string, container: JoinedContainer): docker.ContainerArgs {
  const waivers = container.waivers ?? [];
  const capabilities = addedCapabilities(waivers);
  const confinement = confinementOf(container);
  return {
    name: container.containerName,
    image: container.image,
    hostname: container.hostname ?? name,
    user: `${String(container.user.uid)}:${String(container.user.gid)}`,
    ...(container.entrypoint && { entrypoints: [...container.entrypoint] }),
    ...(container.command && { command: [...container.command] }),
    envs: Object.entries(container.environment ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
    labels: labelsOf(name, container),

    readOnly: !isWaived(waivers, "container.read-only-root"),
    privileged: false,
    capabilities: { drops: ["ALL"], ...(capabilities.length > 0 && { adds: capabilities }) },
    securityOpts: ["no-new-privileges:true", ...profileOptions(container), ...confinement.securityOpts],
    ...(confinement.runtime !== undefined && { runtime: confinement.runtime }),
    ipcMode: "private",
    cgroupnsMode: "private",
    init: container.init ?? true,

    memory: container.memory,
    memorySwap: container.memory,
    cpuPeriod: CPU_PERIOD,
    cpuQuota: cpuQuota(container.cpus),
    ...(container.cgroupParent !== undefined && { cgroupParent: container.cgroupParent }),
    ulimits: Object.entries({ ...NO_CORE, ...container.ulimits }).map(([limit, [soft, hard]]) => ({
      name: limit,
      soft,
      hard,
    })),

    ...storage(container),
    ...network(name, container),

    ...lifetime(container),
    ...asGiven(container),
  };
}

/** A process that dies writes no copy of its memory, secrets among it, into a volume. A daemon's own limit may be none. */
const NO_CORE = { core: [0, 0] } as const;

/** Options that are the provider's own, word for word. */
const AS_GIVEN = [
  "cpuSet",
  "cpuShares",
  "deviceCgroupRules",
  "deviceReadBps",
  "deviceReadIops",
  "deviceRequests",
  "deviceWriteBps",
  "deviceWriteIops",
  "devices",
  "dnsOpts",
  "dnsSearches",
  "domainname",
  "gpus",
  "groupAdds",
  "memoryReservation",
  "platform",
  "shmSize",
  "stdinOpen",
  "stopSignal",
  "storageOpts",
  "sysctls",
  "tty",
  "workingDir",
] as const satisfies readonly (keyof JoinedContainer & keyof docker.ContainerArgs)[];

function asGiven(container: JoinedContainer): Pick<docker.ContainerArgs, (typeof AS_GIVEN)[number]> {
  const given = AS_GIVEN.filter((key) => container[key] !== undefined).map((key) => [key, container[key]] as const);
  return Object.fromEntries(given);
}

function profileOptions({ profiles = {} }: Pick<JoinedContainer, "profiles">): string[] {
  const { seccomp, apparmor, label = [] } = profiles;
  return [
    ...(seccomp === undefined ? [] : [`seccomp=${seccomp}`]),
    ...(apparmor === undefined ? [] : [`apparmor=${apparmor}`]),
    ...label.map((one) => `label=${one}`),
  ];
}

export function isWaived(waivers: readonly Waiver[], id: WaiverId): boolean {
  return waivers.some((waiver) => waiver.id === id);
}

/**
 * What stands between model-chosen code and the host's kernel: gVisor, a kernel of its own, and a seccomp profile of
 * ours. Docker takes the profile's content here, and its clients only read files for those who type.
 */
function confinementOf({ agent, waivers = [], runtime }: Pick<JoinedContainer, "agent" | "waivers" | "runtime">): {
  runtime?: string;
  securityOpts: string[];
} {
  if (agent !== true) return { ...(runtime !== undefined && { runtime }), securityOpts: [] };
  if (isWaived(waivers, "agent.runtime")) return { securityOpts: [`seccomp=${agentSeccomp("runc")}`] };
  return { runtime: "runsc", securityOpts: [`seccomp=${agentSeccomp("runsc")}`] };
}

/** The runtimes beside Docker's own that containers are started by. */
export function runtimesOf(containers: readonly Pick<JoinedContainer, "agent" | "waivers" | "runtime">[]): string[] {
  return [...new Set(containers.flatMap((container) => confinementOf(container).runtime ?? []))].sort();
}

/** What is added back after everything was dropped, in the daemon's own spelling and order. */
function addedCapabilities(waivers: readonly Waiver[]): string[] {
  return [
    ...new Set(waivers.flatMap((waiver) => waiver.add ?? []).flatMap((name) => capabilityName(name) ?? [])),
  ].sort();
}

function labelsOf(name: string, container: JoinedContainer): { label: string; value: string }[] {
  const waived = (container.waivers ?? []).map((waiver) => waiver.id).sort();
  const labels: Record<string, string> = {
    ...container.labels,
    "garrison.service": name,
    ...(container.agent === true && { "garrison.role": "agent" }),
    ...(waived.length > 0 && { "garrison.waivers": waived.join(",") }),
  };
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/**
 * Only typed mounts: the short syntax creates a missing source as an empty root-owned directory. A volume says nothing
 * of its own: the official plugin refuses `volumeOptions` on every Docker below API 1.45.
 */
function storage(container: JoinedContainer): Pick<docker.ContainerArgs, "tmpfs" | "mounts"> {
  const writable = Object.entries(container.writable).sort(([a], [b]) => (a < b ? -1 : 1));
  const tmpfs = writable.flatMap(([path, mount]) =>
    mount.type === "tmpfs" ? [[path, tmpfsOptions(mount, container.user)] as const] : [],
  );
  const volumes = writable.flatMap(([target, mount]) =>
    mount.type === "volume" ? [{ type: "volume", target, source: mount.volume }] : [],
  );
  const written = writable.flatMap(([target, mount]) =>
    mount.type === "bind" ? [{ type: "bind", target, source: mount.source }] : [],
  );
  const read = Object.entries(container.mounts ?? {}).map(([target, source]) => ({
    type: "bind",
    target,
    source,
    readOnly: true,
  }));
  const mounts = [...volumes, ...written, ...read];
  return {
    ...(tmpfs.length > 0 && { tmpfs: Object.fromEntries(tmpfs) }),
    ...(mounts.length > 0 && { mounts }),
  };
}

function tmpfsOptions(mount: Extract<Writable, { type: "tmpfs" }>, user: User): string {
  const { uid, gid } = user;
  const size = `size=${String(mount.size)}m`;
  const exec = mount.exec === true ? "exec" : "noexec";
  return `rw,${exec},nosuid,nodev,${size},mode=${mount.mode ?? "0700"},uid=${String(uid)},gid=${String(gid)}`;
}

/**
 * No `networkMode` beside networks: a container is created on the network of its mode, and joining that one again with an
 * address and aliases changes nothing, which Docker does not say. Left out it means `bridge`, which the provider takes
 * the container from before it starts.
 */
function network(
  name: string,
  container: JoinedContainer,
): Pick<docker.ContainerArgs, "networkMode" | "networksAdvanced" | "ports" | "dns" | "hosts"> {
  if (container.networks.length === 0) return { networkMode: "none" };
  const ports = openedPorts(container);
  const hosts = Object.entries(container.hosts ?? {}).map(([host, ip]) => ({ host, ip }));
  return {
    ...(container.resolvers && { dns: [...container.resolvers] }),
    ...(hosts.length > 0 && { hosts }),
    networksAdvanced: container.networks.map((own) => ({
      name: own.name,
      aliases: [name, ...(container.aliases ?? [])].sort(),
      ...(own.address !== undefined && { ipv4Address: own.address }),
    })),
    ...(ports.length > 0 && { ports }),
  };
}
