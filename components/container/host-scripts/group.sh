# Plain cgroups that carry the PID limits of agents, for this start and the next.
. ./common.sh
mode=$1
# group <path> <pids>
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
