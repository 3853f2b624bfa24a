# What an estate has of its host, beside files on its disk: rules in the kernel, files in memory, cgroups, and volumes that
# belong to their users. A reboot takes most of it. So it is no part of the journal: it goes forward only, can be done again
# at any time, and is done after each change and, before Docker, at each start.
#
# Lines of the manifest: memory <root>, then directory <service> <owner> <name> with its file <name> <base64>; cgroup
# <path or slice> <processes>; volume|image_volume <name> <uid> <gid>; daemon <cgroup driver>; runtime <name> <base64 of
# what to type where it is missing>. Contents of files are in no file but their own: they stay in a variable of the shell.
lines_of() { awk -v kind="$1" '$1 == kind' "$work/lines"; }
# hold [boot]: with boot, no daemon runs yet.
hold() {
  [ "$scope" != host ] || return 0
  hold_rules
  hold_cgroups
  hold_files
  [ "${1:-}" = boot ] || hold_volumes
}
tables() { awk '$1 == "entry" && $2 ~ "^/etc/garrison/rules.d/.*[.]nft$" { print $2 }' "$1"; }
need_nft() { command -v nft >/dev/null || fail "nft is not installed; type: apt-get install nftables"; }
hold_rules() {
  tables "$work/lines" >"$work/tables"
  while read -r path; do
    need_nft
    bridged
    step "load $path"
    nft -f "$path" || fail "nft refuses the rules in $path"
    [ "$mode" != apply ] || fingerprint "$(basename "$path" .nft)"
  done <"$work/tables"
}
# Read back: what `npm run up` compares later, without the counters. Another version of nft may print it otherwise.
fingerprint() { answer "$(nft --version | cut -d ' ' -f 2) $(nft -s list table inet "$1" | sha256sum | cut -d ' ' -f 1)"; }
# Packets between two containers of one bridge pass the rules only where the kernel hands bridged packets over.
bridged() {
  for family in iptables ip6tables; do
    switch=/proc/sys/net/bridge/bridge-nf-call-$family
    [ -e "$switch" ] || modprobe br_netfilter 2>/dev/null || true
    [ -e "$switch" ] || fail "the kernel has no br_netfilter: rules between containers of one network would not hold"
    [ "$(cat "$switch")" = 1 ] || echo 1 >"$switch"
  done
}
cgroups=/sys/fs/cgroup/pids
[ ! -e /sys/fs/cgroup/cgroup.controllers ] || cgroups=/sys/fs/cgroup
# What is not wanted any more may hold a container still; it goes with the estate.
hold_cgroups() {
  lines_of cgroup >"$work/cgroups"
  awk '$1 == "cgroup" && FILENAME == ARGV[1] { wanted[$2] = 1; next } $1 == "cgroup" && !wanted[$2] { print $2 }' "$work/cgroups" "$work/known" |
    while read -r path; do drop_cgroup "$path" 2>/dev/null || :; done
  while read -r _ path pids; do
    step "limit $path"
    case $path in *.slice) slice "$path" "$pids" ;; *) group "$path" "$pids" ;; esac
  done <"$work/cgroups"
}
group() {
  mkdir -p "$cgroups$1"
  if [ "$cgroups" = /sys/fs/cgroup ]; then
    echo +pids >"$cgroups/cgroup.subtree_control"
    echo +pids >"$cgroups$(dirname "$1")/cgroup.subtree_control"
  fi
  echo "$2" >"$cgroups$1/pids.max"
  limited "$1" "$1" "$2"
}
slice() {
  systemctl start "$1"
  limited "$1" "$(systemctl show --property ControlGroup --value "$1")" "$2"
}
# limited <name> <cgroup> <pids>
limited() {
  found=$(cat "$cgroups$2/pids.max" 2>/dev/null || echo none)
  [ "$found" = "$3" ] || fail "the PID limit of cgroup $1 is $found, not $3"
}
drop_cgroup() {
  case $1 in *.slice) systemctl stop "$1"; return ;; esac
  for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do
    # A daemon that was killed leaves empty groups of its containers; one with processes in it cannot be removed.
    [ ! -d "$tree$1" ] || find "$tree$1" -depth -type d -exec rmdir {} +
    [ ! -d "$tree$(dirname "$1")" ] || rmdir "$tree$(dirname "$1")" 2>/dev/null || true
  done
}
# Before anything is changed.
ask_daemon() {
  grep -E '^(daemon|runtime) ' "$work/manifest" >"$work/asked" || return 0
  while read -r kind name advice; do
    if [ "$kind" = daemon ]; then daemon "$name"; else runtime "$name" "$(printf '%s' "$advice" | base64 -d)"; fi
  done <"$work/asked"
}
asked() { docker info --format "$1" </dev/null || fail "no Docker daemon answers"; }
daemon() {
  found=$(asked '{{.CgroupDriver}}')
  [ "$found" = "$1" ] || fail "the daemon's cgroup driver is $found, the settings say $1; type: pulumi config set --path garrison:docker.cgroupDriver $found"
}
runtime() {
  # Words of Docker's templates.
  # shellcheck disable=SC2016
  found=$(asked '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}')
  case " $found" in *" $1 "*) ;; *) fail "the daemon has no runtime $1, under which agents run (it has: $found); type on its machine: $2" ;; esac
  # Without this argument gVisor ignores the container's seccomp profile, and nothing else says so.
  case $(asked "{{json (index .Runtimes \"$1\")}}") in
    *'"--oci-seccomp"'*) ;;
    *) fail "the daemon starts $1 without --oci-seccomp, so agents would have no seccomp profile; type on its machine: $2" ;;
  esac
}
hold_volumes() {
  grep -E '^(image_)?volume ' "$work/lines" >"$work/volumes" || return 0
  while read -r kind name uid gid; do
    step "give $name to $uid:$gid"
    point=$(docker volume inspect --format '{{.Mountpoint}}' "$name" </dev/null)
    only_roots "${point%/*}"
    "$kind" "$point" "$uid" "$gid"
  done <"$work/volumes"
}
volume() {
  # Docker copies the image's content and owner into an empty volume, and into no other. A directory, because making one
  # follows no name that the container has put there meanwhile.
  [ -n "$(ls -A "$1")" ] || mkdir "$1/.garrison-volume"
  [ "$(stat -c %u:%g "$1")" = "$2:$3" ] || chown -h "$2:$3" "$1"
  chmod 0700 "$1"
}
# As Docker made it. Once there is something in it, or it has an owner, it is as the image wants it.
image_volume() {
  if [ -z "$(ls -A "$1")" ] && [ "$(stat -c %u:%g "$1")" = 0:0 ] && [ "$2" != 0 ]; then chown -h "$2:$3" "$1"; fi
}
# Takes all of it away, with the containers that it was for.
release() {
  tables "$work/known" >"$work/tables"
  while read -r path; do
    table=$(basename "$path" .nft)
    step "drop $table"
    ! quiet nft list table inet "$table" || nft delete table inet "$table"
  done <"$work/tables"
  awk '$1 == "cgroup" { print $2 }' "$work/known" >"$work/cgroups"
  while read -r path; do step "drop $path"; drop_cgroup "$path"; done <"$work/cgroups"
  memory=$(awk '$1 == "memory" { print $2 }' "$work/manifest")
  [ ! -d "${memory:-/none}" ] || empty_memory
}
# With the last estate of a machine that is not configured by it, the program goes too.
tidy() {
  former
  rm -rf "$home"
  rmdir "${home%/*}" /etc/garrison/rules.d /etc/garrison 2>/dev/null || :
  [ "$(ls -A /var/lib/garrison)" != host ] || [ "$(ls -A /var/lib/garrison/host)" != program ] || rm -r /var/lib/garrison/host
}
# What earlier versions kept for a start of the machine.
former() {
  [ "$scope" != host ] || return 0
  rm -f "/usr/local/lib/garrison/$own"
  case $scope in */files) rm -f "${home%/*}"/files.cred* ;; esac
  rmdir /usr/local/lib/garrison 2>/dev/null || :
}
