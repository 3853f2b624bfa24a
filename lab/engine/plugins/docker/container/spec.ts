/** The body of Docker's "create a container" from a container's inputs. Pure. */
import type Dockerode from "dockerode";
import { defined, labelMap, type ContainerInputs, type NetworkUse } from "../inputs.ts";
import { healthcheck } from "./healthcheck.ts";
import { bind, mount } from "./mounts.ts";
import { limits, mebibyte } from "./limits.ts";
import { networkMode } from "./networks.ts";

export interface ContainerSpec {
  readonly body: Dockerode.ContainerCreateOptions;
  /** Networks to join before the start. On the one of the mode Docker accepts that, and does nothing. */
  readonly joins: readonly { readonly name: string; readonly endpoint: Dockerode.EndpointSettings }[];
}

export function containerSpec(inputs: ContainerInputs): ContainerSpec {
  const body: Dockerode.ContainerCreateOptions = {
    name: inputs.name,
    platform: inputs.platform,
    Image: inputs.image,
    Cmd: inputs.command,
    Entrypoint: inputs.entrypoints,
    Env: inputs.envs,
    User: inputs.user,
    WorkingDir: inputs.workingDir,
    Hostname: inputs.hostname,
    Domainname: inputs.domainname,
    Tty: inputs.tty,
    OpenStdin: inputs.stdinOpen,
    StopSignal: inputs.stopSignal,
    StopTimeout: inputs.stopTimeout,
    Labels: labelMap(inputs.labels),
    ExposedPorts: inputs.ports && Object.fromEntries(inputs.ports.map((port) => [portKey(port), {}])),
    Healthcheck: inputs.healthcheck && healthcheck(inputs.healthcheck),
    HostConfig: hostConfig(inputs),
  };
  const joins = (inputs.networksAdvanced ?? []).map((use) => ({ name: use.name, endpoint: endpoint(use) }));
  return { body: defined(body), joins };
}

function hostConfig(inputs: ContainerInputs): Dockerode.HostConfig {
  const { capabilities, logDriver, logOpts } = inputs;
  return defined({
    ...limits(inputs),
    CpuPeriod: inputs.cpuPeriod,
    CpuQuota: inputs.cpuQuota,
    NetworkMode: networkMode(inputs),
    PortBindings: portBindings(inputs),
    PublishAllPorts: inputs.publishAllPorts,
    ReadonlyRootfs: inputs.readOnly,
    Privileged: inputs.privileged,
    Init: inputs.init ?? false,
    AutoRemove: inputs.rm,
    CapAdd: capabilities?.adds,
    CapDrop: capabilities?.drops,
    SecurityOpt: inputs.securityOpts,
    GroupAdd: inputs.groupAdds,
    UsernsMode: inputs.usernsMode,
    PidMode: inputs.pidMode,
    IpcMode: inputs.ipcMode,
    CgroupParent: inputs.cgroupParent,
    CgroupnsMode: inputs.cgroupnsMode,
    Runtime: inputs.runtime,
    Sysctls: inputs.sysctls,
    StorageOpt: inputs.storageOpts,
    NanoCpus: inputs.cpus === undefined ? undefined : nanoCpus(inputs.cpus),
    ShmSize: inputs.shmSize === undefined ? undefined : inputs.shmSize * mebibyte,
    Tmpfs: inputs.tmpfs,
    Dns: inputs.dns,
    DnsOptions: inputs.dnsOpts,
    DnsSearch: inputs.dnsSearches,
    ExtraHosts: inputs.hosts?.map(({ host, ip }) => `${host}:${ip}`),
    Ulimits: inputs.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Binds: inputs.volumes?.filter((use) => use.fromContainer === undefined).map(bind),
    VolumesFrom: volumesFrom(inputs),
    Mounts: inputs.mounts?.map(mount) as Dockerode.MountConfig | undefined,
    LogConfig: (logDriver ?? logOpts) ? { Type: logDriver ?? "", Config: logOpts ?? {} } : undefined,
    Devices: inputs.devices?.map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath,
      PathInContainer: containerPath ?? hostPath,
      CgroupPermissions: permissions ?? "rwm",
    })),
    DeviceCgroupRules: inputs.deviceCgroupRules,
  });
}

/** Billionths of a CPU from the text that the input is: "1.5". */
function nanoCpus(cpus: string): number {
  return Math.round(Number(cpus) * 1e9);
}

function portKey(port: { internal: number; protocol?: string | undefined }): string {
  return `${port.internal}/${port.protocol ?? "tcp"}`;
}

/** Several host ports may lead to one port of the container. */
function portBindings({ ports }: ContainerInputs): Record<string, { HostIp: string; HostPort: string }[]> | undefined {
  if (!ports) return undefined;
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const binding = {
      HostIp: port.ip ?? "0.0.0.0",
      HostPort: port.external === undefined ? "" : String(port.external),
    };
    (bindings[portKey(port)] ??= []).push(binding);
  }
  return bindings;
}

function volumesFrom({ volumes }: ContainerInputs): string[] | undefined {
  const from = (volumes ?? []).flatMap(({ fromContainer, readOnly }) =>
    fromContainer === undefined ? [] : [`${fromContainer}:${readOnly === true ? "ro" : "rw"}`],
  );
  return from.length > 0 ? from : undefined;
}

function endpoint(use: NetworkUse): Dockerode.EndpointSettings {
  const address = defined({
    IPv4Address: use.ipv4Address,
    IPv6Address: use.ipv6Address,
    LinkLocalIPs: use.linkLocalIps,
  });
  return defined({
    Aliases: use.aliases,
    IPAMConfig: Object.keys(address).length > 0 ? address : undefined,
    MacAddress: use.macAddress,
    GwPriority: use.gwPriority,
    DriverOpts: use.driverOpts && Object.fromEntries(use.driverOpts.map(keyValue)),
  });
}

function keyValue(text: string): [string, string] {
  const [key = "", ...value] = text.split("=");
  return [key, value.join("=")];
}
