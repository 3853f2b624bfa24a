import { stringify } from "yaml";
import { hardenedPosture } from "../components/container/posture.ts";
import type { MachinePlan, PlannedContainer } from "../components/machine/plan-machine.ts";
import { bridgeOptions } from "../components/network/isolated-networks.ts";
import type { PlannedNetwork } from "../components/network/plan-networks.ts";
import { postureFields } from "./posture-fields.ts";
import type { PostureFields } from "./posture-fields.ts";

/** A machine's plan in Docker Compose's words. */
export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly networks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly volumes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Compose reads a seccomp profile from a file beside its own; there is one for all agents. */
export const SECCOMP_FILE = "agent-seccomp.json";

/**
 * The same containers, networks, limits and health checks as the machine's plan, for Compose to do the same work.
 *
 * Volumes are `external`: they have to belong to the containers' users, and not be empty, before a container is created,
 * which Compose cannot see to. Whoever measures makes them first and does not count the time.
 */
export function renderCompose(plan: MachinePlan, project: string): ComposeFile {
  return {
    name: project,
    services: Object.fromEntries(plan.containers.map((planned) => [planned.name, renderService(planned)])),
    networks: Object.fromEntries(
      plan.networks.map((network) => {
        const name = `${plan.settings.estate}-${network.name}`;
        return [name, renderNetwork(name, network, plan.labels)];
      }),
    ),
    volumes: Object.fromEntries(plan.volumes.map(({ volume }) => [volume, { name: volume, external: true }])),
  };
}

/** The text of a Compose file. `$` begins a variable there, so it is doubled in every value. */
export function composeText(file: ComposeFile): string {
  return stringify(doubleDollars(file), { lineWidth: 0 });
}

function doubleDollars(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(doubleDollars);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, doubleDollars(inner)]));
}

function renderService({ name, container }: PlannedContainer): Record<string, unknown> {
  const posture = postureFields.parse(hardenedPosture(name, container));
  return {
    container_name: posture.name,
    image: posture.image,
    hostname: posture.hostname,
    user: posture.user,
    ...(posture.entrypoints && { entrypoint: posture.entrypoints }),
    ...(posture.command && { command: posture.command }),
    environment: posture.envs,
    labels: Object.fromEntries(posture.labels.map(({ label, value }) => [label, value])),
    read_only: posture.readOnly,
    privileged: posture.privileged,
    cap_drop: posture.capabilities.drops,
    ...(posture.capabilities.adds && { cap_add: posture.capabilities.adds }),
    security_opt: posture.securityOpts.map((option) =>
      option.startsWith("seccomp=") ? `seccomp=${SECCOMP_FILE}` : option,
    ),
    ...(posture.runtime !== undefined && { runtime: posture.runtime }),
    ipc: posture.ipcMode,
    cgroup: posture.cgroupnsMode,
    init: posture.init,
    mem_limit: `${String(posture.memory)}m`,
    memswap_limit: `${String(posture.memorySwap)}m`,
    cpu_period: posture.cpuPeriod,
    cpu_quota: posture.cpuQuota,
    // The provider has no such field: there one command per host applies it to all containers.
    pids_limit: container.pids,
    ...(posture.cgroupParent !== undefined && { cgroup_parent: posture.cgroupParent }),
    ...(posture.ulimits && {
      ulimits: Object.fromEntries(posture.ulimits.map(({ name: limit, soft, hard }) => [limit, { soft, hard }])),
    }),
    ...storage(posture),
    ...placement(posture),
    healthcheck: {
      test: posture.healthcheck.tests,
      interval: posture.healthcheck.interval,
      timeout: posture.healthcheck.timeout,
      retries: posture.healthcheck.retries,
      start_period: posture.healthcheck.startPeriod,
    },
    logging: { driver: posture.logDriver, options: posture.logOpts },
    restart: posture.restart,
    stop_grace_period: `${String(posture.stopTimeout)}s`,
  };
}

function storage({ tmpfs, mounts }: PostureFields): Record<string, unknown> {
  return {
    ...(tmpfs && { tmpfs: Object.entries(tmpfs).map(([path, options]) => `${path}:${options}`) }),
    ...(mounts && {
      volumes: mounts.map(({ type, target, source, ...rest }) => ({
        type,
        target,
        source,
        ...("readOnly" in rest && { read_only: rest.readOnly }),
      })),
    }),
  };
}

/** In the order of the plan, which Compose asks for as priorities. */
function placement({ networkMode, dns, hosts, networksAdvanced = [], ports }: PostureFields): Record<string, unknown> {
  if (networksAdvanced.length === 0) return { network_mode: networkMode };
  const count = networksAdvanced.length;
  return {
    networks: Object.fromEntries(
      networksAdvanced.map(({ name, aliases, ipv4Address }, index) => [
        name,
        { aliases, ...(ipv4Address !== undefined && { ipv4_address: ipv4Address }), priority: count - index },
      ]),
    ),
    ...(dns && { dns }),
    ...(hosts && { extra_hosts: Object.fromEntries(hosts.map(({ host, ip }) => [host, ip])) }),
    ...(ports && {
      ports: ports.map(({ internal, external, ip, protocol }) => ({
        target: internal,
        published: String(external),
        host_ip: ip,
        protocol,
      })),
    }),
  };
}

function renderNetwork(
  name: string,
  network: PlannedNetwork,
  labels: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return {
    name,
    driver: "bridge",
    internal: network.internal,
    enable_ipv6: false,
    ipam: { config: [{ subnet: network.subnet, gateway: network.gateway }] },
    driver_opts: bridgeOptions(network),
    labels,
  };
}
