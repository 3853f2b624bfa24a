# Applies the limits to running containers, then reads each back from the kernel.
set -eu
fail() { printf 'garrison: %s\n' "$*" >&2; exit 1; }
root=/sys/fs/cgroup/pids
[ ! -e /sys/fs/cgroup/cgroup.controllers ] || root=/sys/fs/cgroup
limit_of() { cat "$root$1/pids.max" 2>/dev/null || echo none; }
cgroup_of() { sed -n -e "s/^[0-9]*:\([^:]*,\)*$1\(,[^:]*\)*://p" -e 's/^0:://p' "/proc/$process/cgroup" | head -n 1; }
quota_of() {
  found=$(cat "/sys/fs/cgroup$1/cpu.max" 2>/dev/null || cat "/sys/fs/cgroup/cpu$1/cpu.cfs_quota_us" 2>/dev/null || echo none)
  echo "${found%% *}"
}
# container <name> <pids> <CPU period> <CPU quota> [<parent that carries the PID limit>]
container() {
  # Where a parent carries the PID limit the container needs none of its own; such a one is replaced for another quota,
  # because an older gVisor can change nothing of a sandbox that runs.
  [ $# -eq 5 ] || docker update --pids-limit "$2" --cpu-period "$3" --cpu-quota "$4" "$1" >/dev/null
  process=$(docker inspect --format '{{.State.Pid}}' "$1")
  [ "$process" != 0 ] || fail "$1 is not running (docker logs $1 says why); a plain up leaves it so, type: pulumi up --refresh"
  cgroup=$(cgroup_of pids)
  [ $# -eq 4 ] || cgroup=$(dirname "$cgroup")
  [ "$(limit_of "$cgroup")" = "$2" ] || fail "the PID limit of $1 is $(limit_of "$cgroup") in $cgroup, not $2"
  cgroup=$(cgroup_of cpu)
  [ "$(quota_of "$cgroup")" = "$4" ] || fail "the CPU quota of $1 is $(quota_of "$cgroup") in $cgroup, not $4"
}
