/** What somebody changed on a living container by hand, written into the inputs so that the next diff shows it. Pure. */
import type Dockerode from "dockerode";
import { defined, labelMap, type ContainerInputs, type NetworkUse } from "../inputs.ts";
import { mebibyte } from "./limits.ts";
import { healthcheckAsRead } from "./healthcheck.ts";
import { DEFAULT_BRIDGE, networkMode } from "./networks.ts";

type Inspected = Dockerode.ContainerInspectInfo;
type Changed = { -readonly [Name in keyof ContainerInputs]: ContainerInputs[Name] };

/** The inputs as they are for real: equal to the given ones where nothing was changed. */
export function inputsAsFound(inputs: ContainerInputs, found: Inspected): ContainerInputs {
  const live: Changed = { ...inputs };
  const host = found.HostConfig;
  if (found.Name.slice(1) !== inputs.name) live.name = found.Name.slice(1);
  if (found.Config.Image !== inputs.image) live.image = found.Config.Image;
  if (!hasLabels(found, inputs))
    live.labels = Object.entries(found.Config.Labels).map(([label, value]) => ({ label, value }));
  if (shouldRun(inputs) && !isRunning(found)) live.mustRun = false;
  foundLimits(live, inputs, host);
  const policy = host.RestartPolicy;
  if ((policy?.Name ?? "no") !== (inputs.restart ?? "no")) live.restart = policy?.Name ?? "no";
  const retries = policy?.MaximumRetryCount ?? 0;
  if (retries !== (inputs.maxRetryCount ?? 0)) live.maxRetryCount = retries;
  if (inputs.healthcheck) live.healthcheck = healthcheckAsRead(inputs.healthcheck, found.Config.Healthcheck);
  if (inputs.init !== undefined) live.init = host.Init ?? false;
  if (inputs.tmpfs !== undefined) live.tmpfs = host.Tmpfs ?? {};
  const networks = foundNetworks(inputs, found);
  if (networks) live.networksAdvanced = networks;
  return live;
}

export function shouldRun({ start, mustRun }: Partial<ContainerInputs>): boolean {
  return start !== false && mustRun !== false;
}

export function isRunning({ State: state }: Inspected): boolean {
  return state.Running && !state.Paused;
}

function hasLabels(found: Inspected, { labels }: ContainerInputs): boolean {
  const live = found.Config.Labels;
  return Object.entries(labelMap(labels)).every(([label, value]) => live[label] === value);
}

/** Limits are looked at whether the program set them or not: a limit that appeared is a change too. */
function foundLimits(live: Changed, inputs: ContainerInputs, host: Dockerode.HostConfig): void {
  const memory = inMebibytes(host.Memory);
  if (memory !== (inputs.memory ?? 0)) live.memory = memory;
  const reservation = inMebibytes(host.MemoryReservation);
  if (reservation !== (inputs.memoryReservation ?? 0)) live.memoryReservation = reservation;
  // Where the program asks for nothing, the daemon allows as much swap as memory.
  const swap = inMebibytes(host.MemorySwap);
  const usualSwaps = inputs.memorySwap === undefined ? [0, memory * 2] : [inputs.memorySwap];
  if (!usualSwaps.includes(swap)) live.memorySwap = swap;
  if (
    (host.CpuShares ?? 0) !== (inputs.cpuShares ?? 0) &&
    !(inputs.cpuShares === undefined && host.CpuShares === 1024)
  ) {
    live.cpuShares = host.CpuShares;
  }
  if ((host.CpusetCpus ?? "") !== (inputs.cpuSet ?? "")) live.cpuSet = host.CpusetCpus;
  const cpus = (host.NanoCpus ?? 0) / 1e9;
  if (cpus !== Number(inputs.cpus ?? 0)) live.cpus = String(cpus);
}

function inMebibytes(bytes: number | undefined): number {
  return bytes === undefined || bytes < 0 ? (bytes ?? 0) : bytes / mebibyte;
}

/** The networks as found, or undefined when they are what the program wants. */
function foundNetworks(inputs: ContainerInputs, found: Inspected): NetworkUse[] | undefined {
  const mode = networkMode(inputs);
  const wanted = inputs.networksAdvanced ?? [];
  const live = Object.entries(found.NetworkSettings.Networks);
  const isLive = (use: NetworkUse) =>
    live.find(([name, network]) => name === use.name || network.NetworkID === use.name);
  const kept = wanted.flatMap((use) => {
    const entry = isLive(use);
    if (!entry) return [];
    return [use.name === mode ? use : withLiveAddress(use, entry[1])];
  });
  // A container with networks of its own was taken off the bridge.
  const ofMode = new Set(mode === DEFAULT_BRIDGE && wanted.length > 0 ? [] : [mode]);
  const added = live
    .filter(([name, { NetworkID: id }]) => !wanted.some((use) => use.name === name || use.name === id))
    .filter(([name, { NetworkID: id }]) => !ofMode.has(name) && !ofMode.has(id))
    .map(([name]) => ({ name }));
  const same = added.length === 0 && JSON.stringify(kept) === JSON.stringify(wanted);
  return same ? undefined : [...kept, ...added];
}

interface Endpoint {
  readonly IPAMConfig?: { readonly IPv4Address?: string } | null;
  readonly Aliases?: readonly string[] | null;
}

function withLiveAddress(use: NetworkUse, endpoint: Endpoint): NetworkUse {
  const address = endpoint.IPAMConfig?.IPv4Address;
  const aliases = endpoint.Aliases ?? [];
  const sameAliases = (use.aliases ?? []).every((alias) => aliases.includes(alias));
  if (address === use.ipv4Address && sameAliases) return use;
  return defined({
    ...use,
    ipv4Address: address,
    aliases: sameAliases ? use.aliases : [...aliases],
  }) as NetworkUse;
}
