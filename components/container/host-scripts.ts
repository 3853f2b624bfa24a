import { dirname } from "node:path/posix";
import { bootUnit } from "../host/boot-unit.ts";
import { shellQuote } from "../host/shell.ts";
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

const PRELUDE = `set -eu
mode=$1
fail() { printf 'garrison: %s\\n' "$*" >&2; exit 1; }
root=/sys/fs/cgroup/pids
[ -e /sys/fs/cgroup/cgroup.controllers ] && root=/sys/fs/cgroup
limit_of() { cat "$root$1/pids.max" 2>/dev/null || echo none; }
`;

const PREPARE = `daemon() {
  [ "$mode" = apply ] || return 0
  found=$(docker info --format '{{.CgroupDriver}}') || fail "no Docker daemon answers"
  [ "$found" = "$1" ] || fail "the daemon's cgroup driver is $found, the settings say $1; type: pulumi config set --path garrison:docker.cgroupDriver $found"
}
runtime() {
  [ "$mode" = apply ] || return 0
  found=$(docker info --format '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}') || fail "no Docker daemon answers"
  case " $found" in *" $1 "*) ;; *) fail "the daemon has no runtime $1, under which agents run (it has: $found); type on its machine: $2" ;; esac
  # Without this argument gVisor ignores the container's seccomp profile, and nothing else says so.
  case $(docker info --format "{{json (index .Runtimes \\"$1\\")}}") in
    *'"--oci-seccomp"'*) ;;
    *) fail "the daemon starts $1 without --oci-seccomp, so agents would have no seccomp profile; type on its machine: $2" ;;
  esac
}
volume() {
  [ "$mode" = apply ] || return 0
  point=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
  # Docker copies the image's content and owner into an empty volume, and into no other. A directory, because making one
  # follows no name that the container has put there meanwhile.
  [ -n "$(ls -A "$point")" ] || mkdir "$point/.garrison-volume"
  [ "$(stat -c %u:%g "$point")" = "$2:$3" ] || chown "$2:$3" "$point"
  chmod 0700 "$point"
}
image_volume() {
  [ "$mode" = apply ] || return 0
  point=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
  # As Docker made it. Once there is something in it, or it has an owner, it is as the image wants it.
  if [ -z "$(ls -A "$point")" ] && [ "$(stat -c %u:%g "$point")" = 0:0 ] && [ "$2" != 0 ]; then chown "$2:$3" "$point"; fi
}
slice() {
  unit=/etc/systemd/system/$1
  if [ "$mode" = remove ]; then
    systemctl stop "$1"; rm -f "$unit"; systemctl daemon-reload
    return 0
  fi
  printf '[Slice]\\nTasksMax=%s\\n' "$2" >"$unit.new"
  cmp -s "$unit.new" "$unit" || { mv "$unit.new" "$unit"; systemctl daemon-reload; }
  rm -f "$unit.new"
  systemctl start "$1"
  found=$(limit_of "$(systemctl show --property ControlGroup --value "$1")")
  [ "$found" = "$2" ] || fail "the PID limit of $1 is $found, not $2"
}
`;

const GROUP = `group() {
  if [ "$mode" = remove ]; then
    for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do
      # A daemon that was killed leaves empty groups of its containers; one with processes in it cannot be removed.
      [ ! -d "$tree$1" ] || find "$tree$1" -depth -type d -exec rmdir {} +
      [ ! -d "$tree$(dirname "$1")" ] || rmdir "$tree$(dirname "$1")" 2>/dev/null || true
    done
    return 0
  fi
  mkdir -p "$root$1"
  if [ "$root" = /sys/fs/cgroup ]; then
    echo +pids >"$root/cgroup.subtree_control"
    echo +pids >"$root$(dirname "$1")/cgroup.subtree_control"
  fi
  echo "$2" >"$root$1/pids.max"
  found=$(limit_of "$1")
  [ "$found" = "$2" ] || fail "the PID limit of cgroup $1 is $found, not $2"
}
`;

const LIMIT = `cgroup_of() { sed -n -e "s/^[0-9]*:\\([^:]*,\\)*$1\\(,[^:]*\\)*://p" -e 's/^0:://p' "/proc/$process/cgroup" | head -n 1; }
quota_of() {
  found=$(cat "/sys/fs/cgroup$1/cpu.max" 2>/dev/null || cat "/sys/fs/cgroup/cpu$1/cpu.cfs_quota_us" 2>/dev/null || echo none)
  echo "\${found%% *}"
}
container() {
  # Where a parent carries the PID limit the container needs none of its own; such a one is replaced for another quota,
  # because an older gVisor can change nothing of a sandbox that runs.
  [ $# -eq 4 ] || docker update --pids-limit "$2" --cpu-period ${String(CPU_PERIOD)} --cpu-quota "$3" "$1" >/dev/null
  process=$(docker inspect --format '{{.State.Pid}}' "$1")
  [ "$process" != 0 ] || fail "$1 is not running (docker logs $1 says why); a plain up leaves it so, type: pulumi up --refresh"
  cgroup=$(cgroup_of pids)
  [ $# -eq 3 ] || cgroup=$(dirname "$cgroup")
  [ "$(limit_of "$cgroup")" = "$2" ] || fail "the PID limit of $1 is $(limit_of "$cgroup") in $cgroup, not $2"
  cgroup=$(cgroup_of cpu)
  [ "$(quota_of "$cgroup")" = "$3" ] || fail "the CPU quota of $1 is $(quota_of "$cgroup") in $cgroup, not $3"
}
`;

/**
 * Makes ready on a host what containers need before they start: volumes that belong to their users, and the cgroups
 * that carry the PID limits of agent containers. A parent cgroup that does not exist would be created by the daemon
 * without a limit.
 */
export function prepareScript(
  driver: CgroupDriver,
  volumes: readonly OwnedVolume[],
  cgroups: readonly LimitedCgroup[],
  runtimes: readonly string[] = [],
): string {
  const kind = driver === "systemd" ? "slice" : "group";
  return [
    PRELUDE + PREPARE + GROUP + call("daemon", driver),
    ...runtimes.map((runtime) => call("runtime", runtime, GVISOR_COMMAND)),
    ...(kind === "group" ? groupsAtBoot(cgroups) : []),
    ...volumes.map(({ volume, uid, gid, fromImage }) =>
      call(fromImage === true ? "image_volume" : "volume", volume, uid, gid),
    ),
    ...cgroups.map(({ cgroup, pids }) => call(kind, cgroup, pids)),
    "",
  ].join("\n");
}

/**
 * A slice comes back with its limit. A plain cgroup is gone after a restart of the machine, and Docker would make it anew
 * without one.
 */
function groupsAtBoot(cgroups: readonly LimitedCgroup[]): string[] {
  const [first] = cgroups;
  if (first === undefined) return [];
  const calls = cgroups.map(({ cgroup, pids }) => call("group", cgroup, pids));
  return [
    bootUnit({
      name: `${dirname(first.cgroup).slice(1)}-cgroups`,
      description: "Process limits of the agents' cgroups",
      script: ["set -- apply", PRELUDE + GROUP, ...calls].join("\n"),
    }),
  ];
}

/** Applies the limits to running containers, then reads each back from the kernel. */
export function pidLimitsScript(containers: readonly LimitedContainer[]): string {
  return [
    PRELUDE + LIMIT,
    ...containers.map(({ container, pids, cpus, cgroupParent }) =>
      call("container", container, pids, cpuQuota(cpus), ...(cgroupParent === undefined ? [] : [cgroupParent])),
    ),
    "",
  ].join("\n");
}

function call(name: string, ...args: readonly (string | number)[]): string {
  return [name, ...args.map((arg) => shellQuote(String(arg)))].join(" ");
}
