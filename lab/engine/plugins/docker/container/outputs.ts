/** What a living container says about itself, in the resource's words. Pure. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import { labelList, type ContainerInputs } from "../inputs.ts";
import { healthcheckAsRead } from "./healthcheck.ts";
import { mebibyte } from "./limits.ts";

type Inspected = Dockerode.ContainerInspectInfo;

/** The computed outputs. Inputs that the program set stay as it wrote them; the daemon orders and completes lists. */
export function containerOutputs(found: Inspected, inputs: Partial<ContainerInputs>): Properties {
  const { healthcheck } = inputs;
  return {
    ...filledIn(found),
    ...inputs,
    ...(healthcheck && { healthcheck: healthcheckAsRead(healthcheck, found.Config.Healthcheck) }),
    ...observed(found),
    ...publishedPorts(found, inputs),
  };
}

/** As the daemon sends it: lists that are empty are often null. */
interface Config {
  readonly Image: string;
  readonly Cmd: string[] | null;
  readonly Entrypoint?: string | string[] | null | undefined;
  readonly Env: string[] | null;
  readonly Labels: Record<string, string>;
  readonly StopSignal?: string | undefined;
  readonly StopTimeout?: number | undefined;
}

/** What the daemon or the image decides when the program does not. */
function filledIn({ Config, HostConfig: host, Name: name }: Inspected): Properties {
  const config: Config = Config;
  const entrypoint = config.Entrypoint ?? [];
  return {
    name: name.slice(1),
    image: config.Image,
    command: config.Cmd ?? [],
    entrypoints: typeof entrypoint === "string" ? [entrypoint] : entrypoint,
    envs: config.Env ?? [],
    labels: labelList(config.Labels),
    init: host.Init ?? false,
    ipcMode: host.IpcMode,
    logDriver: host.LogConfig?.Type,
    runtime: host.Runtime,
    securityOpts: (host.SecurityOpt as string[] | null) ?? [],
    shmSize: Math.round((host.ShmSize ?? 0) / mebibyte),
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? 0,
  };
}

function observed({
  Config: config,
  State: state,
  NetworkSettings: settings,
  Platform: platform,
}: Inspected): Properties {
  return {
    bridge: "",
    hostname: config.Hostname,
    platform,
    exitCode: state.Running ? 0 : state.ExitCode,
    networkDatas: Object.entries(settings.Networks).map(([networkName, network]) => ({
      networkName,
      gateway: network.Gateway,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      macAddress: network.MacAddress,
      ipv6Gateway: network.IPv6Gateway,
      globalIpv6Address: network.GlobalIPv6Address,
      globalIpv6PrefixLength: network.GlobalIPv6PrefixLen,
    })),
  };
}

/** Host ports that the daemon chose. */
function publishedPorts(found: Inspected, { ports }: Partial<ContainerInputs>): Properties {
  if (!ports?.some((port) => port.external === undefined)) return {};
  const live = found.NetworkSettings.Ports as Record<string, { HostPort: string }[] | null>;
  return {
    ports: ports.map((port) => {
      const chosen = live[`${port.internal}/${port.protocol ?? "tcp"}`]?.[0]?.HostPort;
      return port.external === undefined && chosen !== undefined ? { ...port, external: Number(chosen) } : port;
    }),
  };
}
