/** Limits that Docker can change on a living container. Pure. */
import type Dockerode from "dockerode";
import { defined, type ContainerInputs } from "../inputs.ts";

export const mebibyte = 1024 * 1024;

/** What "create" and "update" have in common. */
export function limits(inputs: ContainerInputs): Dockerode.HostConfig {
  return defined({
    Memory: bytes(inputs.memory),
    MemorySwap: bytes(inputs.memorySwap),
    MemoryReservation: bytes(inputs.memoryReservation),
    CpuShares: inputs.cpuShares,
    CpuPeriod: inputs.cpuPeriod,
    CpuQuota: inputs.cpuQuota,
    CpusetCpus: inputs.cpuSet,
    RestartPolicy: { Name: inputs.restart ?? "no", MaximumRetryCount: inputs.maxRetryCount ?? 0 },
  });
}

/** MiB to bytes; -1 means without limit. */
function bytes(mebibytes: number | undefined): number | undefined {
  return mebibytes === undefined || mebibytes < 0 ? mebibytes : mebibytes * mebibyte;
}

/** Docker takes a zero for "leave it as it is", so these cannot be lifted from a living container. */
const notLiftable = ["memory", "memoryReservation", "cpuSet"] as const;

/** Inputs that are no reason to replace a container by the schema, and that Docker has no way to change on a living one. */
const fixedAtCreation = [
  "healthcheck",
  "init",
  "tmpfs",
  "rm",
  "deviceReadBps",
  "deviceReadIops",
  "deviceWriteBps",
  "deviceWriteIops",
] as const;

/** The body of "update", or undefined when no limit changed. */
export function limitsUpdate(before: ContainerInputs, after: ContainerInputs): Dockerode.HostConfig | undefined {
  const names = ["memory", "memorySwap", "memoryReservation", "cpuShares", "cpuPeriod", "cpuQuota", "cpuSet"] as const;
  const changed = [...names, "restart" as const, "maxRetryCount" as const].filter((key) => before[key] !== after[key]);
  if (changed.length === 0) return undefined;
  const update = limits(after);
  if (changed.includes("memory") || changed.includes("memorySwap")) {
    // Both together: the daemon refuses a memory limit above the swap limit that it still has.
    update.MemorySwap ??= after.memory === undefined ? undefined : after.memory * 2 * mebibyte;
  }
  if (changed.includes("cpuShares")) update.CpuShares ??= 1024;
  if (changed.includes("cpuQuota")) update.CpuQuota ??= -1;
  if (changed.includes("cpuPeriod")) update.CpuPeriod ??= 100_000;
  return defined(update);
}

/** The changed inputs that Docker cannot apply to a living container. */
export function unchangeable(before: ContainerInputs, after: ContainerInputs): string[] {
  const fixed = fixedAtCreation.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const lifted = notLiftable.filter((key) => before[key] !== undefined && after[key] === undefined);
  return [...fixed, ...lifted];
}
