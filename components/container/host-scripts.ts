import { join } from "node:path";
import { entry } from "../host/bundle/bundle.ts";
import { estateScript } from "../host/estate-part.ts";
import { shellCall, shellFile } from "../lib/shell.ts";
import { CPU_PERIOD, cpuQuota } from "./cpu-quota.ts";
import { GVISOR_COMMAND } from "./gvisor.ts";
import type { CgroupDriver } from "./pid-cgroup.ts";

/** A volume and the user it belongs to. */
export interface OwnedVolume {
  readonly volume: string;
  readonly uid: number;
  readonly gid: number;
  /** Docker fills it from the image, owner included; `uid` and `gid` count where the image has nothing at that path. */
  readonly fromImage?: true;
}

/** Whom containers run as. */
export interface ContainerUser {
  readonly container: string;
  readonly uid: number;
  readonly gid: number;
}

/** A cgroup and the most processes it may hold. */
export interface LimitedCgroup {
  readonly cgroup: string;
  readonly pids: number;
}

/** A container, its limits, and the parent that carries the PID limit in its place, where there is one. */
export interface LimitedContainer {
  readonly container: string;
  readonly pids: number;
  /** CPUs, in fractions of one. */
  readonly cpus: number;
  readonly cgroupParent?: string;
}

/**
 * Makes ready on a host what containers need before they start: volumes that belong to their users, and the cgroups
 * that carry the PID limits of agent containers. A parent cgroup that does not exist would be created by the daemon
 * without a limit. An account of the host that has the number of a container is refused first.
 */
export function prepareScript(
  estate: string,
  driver: CgroupDriver,
  volumes: readonly OwnedVolume[],
  cgroups: readonly LimitedCgroup[],
  runtimes: readonly string[] = [],
  users: readonly ContainerUser[] = [],
): string {
  const slices = driver === "systemd" ? cgroups : [];
  return estateScript({
    estate,
    part: "cgroups",
    entries: slices.map(({ cgroup, pids }) =>
      entry(`/etc/systemd/system/${cgroup}`, `[Slice]\nTasksMax=${String(pids)}\n`),
    ),
    lines: [
      `daemon ${driver}`,
      ...accounts(users),
      ...runtimes.map((runtime) => `runtime ${runtime} ${Buffer.from(GVISOR_COMMAND).toString("base64")}`),
      ...volumes.map(({ volume, uid, gid, fromImage }) =>
        [fromImage === true ? "image_volume" : "volume", volume, uid, gid].join(" "),
      ),
      ...cgroups.map(({ cgroup, pids }) => `cgroup ${cgroup} ${String(pids)}`),
    ],
    // A slice comes back with its limit. A plain cgroup is gone after a restart of the machine, and Docker would make it
    // anew without one.
    ...(driver === "cgroupfs" && cgroups.length > 0 && { atStart: "Process limits of the agents' cgroups" }),
  });
}

/** Root is everybody already. */
function accounts(users: readonly ContainerUser[]): string[] {
  return (["uid", "gid"] as const).flatMap((kind) =>
    [...Map.groupBy(users, (user) => user[kind])]
      .filter(([number]) => number !== 0)
      .sort(([a], [b]) => a - b)
      .map(([number, same]) => `account ${kind} ${String(number)} ${same.map(({ container }) => container).join(",")}`),
  );
}

/** Applies the limits to running containers, then reads each back from the kernel. */
export function pidLimitsScript(containers: readonly LimitedContainer[]): string {
  return [
    shellFile(join(import.meta.dirname, "limits.sh")),
    ...containers.map(({ container, pids, cpus, cgroupParent }) =>
      shellCall(
        "container",
        container,
        pids,
        CPU_PERIOD,
        cpuQuota(cpus),
        ...(cgroupParent === undefined ? [] : [cgroupParent]),
      ),
    ),
  ].join("");
}
