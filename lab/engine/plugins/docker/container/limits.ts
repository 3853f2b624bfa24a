/** Limits that the provider changes on a living container. Pure. */
import type Dockerode from "dockerode";
import { defined, type ContainerInputs } from "../inputs.ts";

export const mebibyte = 1024 * 1024;

/** What an update is made for. `cpuPeriod` and `cpuQuota` are not among it: they hold from start to end. */
const UPDATED = [
  "restart",
  "maxRetryCount",
  "cpuShares",
  "memory",
  "memoryReservation",
  "cpuSet",
  "memorySwap",
  "deviceReadBps",
  "deviceReadIops",
  "deviceWriteBps",
  "deviceWriteIops",
] as const;

/** What "create" and "update" have in common. */
export function limits(inputs: ContainerInputs): Dockerode.HostConfig {
  return defined({
    Memory: bytes(inputs.memory),
    MemorySwap: bytes(inputs.memorySwap),
    MemoryReservation: bytes(inputs.memoryReservation),
    CpuShares: inputs.cpuShares,
    CpusetCpus: inputs.cpuSet,
    RestartPolicy: { Name: inputs.restart ?? "no", MaximumRetryCount: inputs.maxRetryCount ?? 0 },
    BlkioDeviceReadBps: inputs.deviceReadBps?.map(rate),
    BlkioDeviceReadIOps: inputs.deviceReadIops?.map(rate),
    BlkioDeviceWriteBps: inputs.deviceWriteBps?.map(rate),
    BlkioDeviceWriteIOps: inputs.deviceWriteIops?.map(rate),
  });
}

/** MiB to bytes; -1 means without limit. */
function bytes(mebibytes: number | undefined): number | undefined {
  return mebibytes === undefined || mebibytes < 0 ? mebibytes : mebibytes * mebibyte;
}

function rate(device: { path: string; rate: number }): { Path: string; Rate: number } {
  return { Path: device.path, Rate: device.rate };
}

/** The body of "update", or undefined when there is nothing to update. Docker leaves alone what is not in it, or zero. */
export function limitsUpdate(before: ContainerInputs, after: ContainerInputs): Dockerode.HostConfig | undefined {
  const changed = UPDATED.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return changed ? limits(after) : undefined;
}
