import { shellQuote } from "../host/shell.ts";
import { GVISOR_COMMAND } from "./gvisor.ts";
import type { CgroupDriver } from "./pid-cgroup.ts";

/** A volume and the user it belongs to. */
export interface OwnedVolume {
  readonly volume: string;
  readonly uid: number;
  readonly gid: number;
}

/** A cgroup and the most processes it may hold. */
export interface LimitedCgroup {
  readonly cgroup: string;
  readonly pids: number;
}

/** A container, its PID limit, and the parent that carries the same limit where there is one. */
export interface LimitedContainer {
  readonly container: string;
  readonly pids: number;
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
}
volume() {
  [ "$mode" = apply ] || return 0
  point=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
  [ "$(stat -c %u:%g "$point")" = "$2:$3" ] || chown "$2:$3" "$point"
  chmod 0700 "$point"
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
group() {
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

const LIMIT = `container() {
  # Where a parent carries the limit the container needs none of its own, and an older gVisor could not change it.
  [ $# -eq 3 ] || docker update --pids-limit "$2" "$1" >/dev/null
  process=$(docker inspect --format '{{.State.Pid}}' "$1")
  [ "$process" != 0 ] || fail "$1 is not running"
  cgroup=$(sed -n -e 's/^[0-9]*:pids://p' -e 's/^0:://p' "/proc/$process/cgroup" | head -n 1)
  [ $# -eq 2 ] || cgroup=$(dirname "$cgroup")
  [ "$(limit_of "$cgroup")" = "$2" ] || fail "the PID limit of $1 is $(limit_of "$cgroup") in $cgroup, not $2"
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
    PRELUDE + PREPARE + call("daemon", driver),
    ...runtimes.map((runtime) => call("runtime", runtime, GVISOR_COMMAND)),
    ...volumes.map(({ volume, uid, gid }) => call("volume", volume, uid, gid)),
    ...cgroups.map(({ cgroup, pids }) => call(kind, cgroup, pids)),
    "",
  ].join("\n");
}

/** Applies the PID limits to running containers, then reads each back from the kernel. */
export function pidLimitsScript(containers: readonly LimitedContainer[]): string {
  return [
    PRELUDE + LIMIT,
    ...containers.map(({ container, pids, cgroupParent }) =>
      call("container", container, pids, ...(cgroupParent === undefined ? [] : [cgroupParent])),
    ),
    "",
  ].join("\n");
}

function call(name: string, ...args: readonly (string | number)[]): string {
  return [name, ...args.map((arg) => shellQuote(String(arg)))].join(" ");
}
