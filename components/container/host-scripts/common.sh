# What the scripts about containers share.
set -eu
fail() { printf 'garrison: %s\n' "$*" >&2; exit 1; }
root=/sys/fs/cgroup/pids
[ -e /sys/fs/cgroup/cgroup.controllers ] && root=/sys/fs/cgroup
limit_of() { cat "$root$1/pids.max" 2>/dev/null || echo none; }
