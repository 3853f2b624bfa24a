import { join } from "node:path";
import { dirname } from "node:path/posix";
import { bootUnit } from "../host/boot-unit.ts";
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
  driver: CgroupDriver,
  volumes: readonly OwnedVolume[],
  cgroups: readonly LimitedCgroup[],
  runtimes: readonly string[] = [],
  users: readonly ContainerUser[] = [],
): string {
  const kind = driver === "systemd" ? "slice" : "group";
  return [
    script("prepare.sh"),
    shellCall("daemon", driver),
    ...judgeAccounts(users),
    ...runtimes.map((runtime) => shellCall("runtime", runtime, GVISOR_COMMAND)),
    ...(kind === "group" ? groupsAtBoot(cgroups) : []),
    ...volumes.map(({ volume, uid, gid, fromImage }) =>
      shellCall(fromImage === true ? "image_volume" : "volume", volume, uid, gid),
    ),
    ...cgroups.map(({ cgroup, pids }) => shellCall(kind, cgroup, pids)),
  ].join("");
}

/** Root is everybody already. */
function judgeAccounts(users: readonly ContainerUser[]): string[] {
  const claims = (["uid", "gid"] as const).flatMap((kind) =>
    [...Map.groupBy(users, (user) => user[kind])]
      .filter(([number]) => number !== 0)
      .sort(([a], [b]) => a - b)
      .map(([number, same]) => `${kind}:${String(number)}:${same.map(({ container }) => container).join(",")}`),
  );
  return claims.length === 0 ? [] : [shellCall("judge_accounts", ...claims)];
}

/**
 * A slice comes back with its limit. A plain cgroup is gone after a restart of the machine, and Docker would make it anew
 * without one.
 */
function groupsAtBoot(cgroups: readonly LimitedCgroup[]): string[] {
  const [first] = cgroups;
  if (first === undefined) return [];
  const calls = cgroups.map(({ cgroup, pids }) => shellCall("group", cgroup, pids));
  return [
    shellCall(
      "boot_unit",
      ...bootUnit({
        name: `${dirname(first.cgroup).slice(1)}-cgroups`,
        description: "Process limits of the agents' cgroups",
        script: ["set -- apply\n", script("group.sh"), ...calls].join(""),
      }),
    ),
  ];
}

/** Applies the limits to running containers, then reads each back from the kernel. */
export function pidLimitsScript(containers: readonly LimitedContainer[]): string {
  return [
    script("limits.sh"),
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

function script(name: string): string {
  return shellFile(join(import.meta.dirname, "host-scripts", name));
}
