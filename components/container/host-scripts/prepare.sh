# Makes ready what containers need before they start; with remove, takes away what is the estate's alone.
. ./group.sh
. ./accounts.sh
. ../../host/boot-unit.sh
# daemon <cgroup driver>
daemon() {
  [ "$mode" = apply ] || return 0
  found=$(docker info --format '{{.CgroupDriver}}') || fail "no Docker daemon answers"
  [ "$found" = "$1" ] || fail "the daemon's cgroup driver is $found, the settings say $1; type: pulumi config set --path garrison:docker.cgroupDriver $found"
}
# judge_accounts <what accounts takes>
judge_accounts() {
  [ "$mode" = remove ] || accounts "$@"
}
# runtime <name> <what to type where it is missing>
runtime() {
  [ "$mode" = apply ] || return 0
  found=$(docker info --format '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}') || fail "no Docker daemon answers"
  case " $found" in *" $1 "*) ;; *) fail "the daemon has no runtime $1, under which agents run (it has: $found); type on its machine: $2" ;; esac
  # Without this argument gVisor ignores the container's seccomp profile, and nothing else says so.
  case $(docker info --format "{{json (index .Runtimes \"$1\")}}") in
    *'"--oci-seccomp"'*) ;;
    *) fail "the daemon starts $1 without --oci-seccomp, so agents would have no seccomp profile; type on its machine: $2" ;;
  esac
}
# volume <name> <uid> <gid>
volume() {
  [ "$mode" = apply ] || return 0
  point=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
  only_roots "${point%/*}"
  # Docker copies the image's content and owner into an empty volume, and into no other. A directory, because making one
  # follows no name that the container has put there meanwhile.
  [ -n "$(ls -A "$point")" ] || mkdir "$point/.garrison-volume"
  [ "$(stat -c %u:%g "$point")" = "$2:$3" ] || chown -h "$2:$3" "$point"
  chmod 0700 "$point"
}
# image_volume <name> <uid> <gid>
image_volume() {
  [ "$mode" = apply ] || return 0
  point=$(docker volume inspect --format '{{.Mountpoint}}' "$1")
  only_roots "${point%/*}"
  # As Docker made it. Once there is something in it, or it has an owner, it is as the image wants it.
  if [ -z "$(ls -A "$point")" ] && [ "$(stat -c %u:%g "$point")" = 0:0 ] && [ "$2" != 0 ]; then chown -h "$2:$3" "$point"; fi
}
# slice <name> <pids>
slice() {
  unit=/etc/systemd/system/$1
  if [ "$mode" = remove ]; then
    systemctl stop "$1"; rm -f "$unit"; systemctl daemon-reload
    return 0
  fi
  wanted="[Slice]
TasksMax=$2"
  [ "$(cat "$unit" 2>/dev/null)" = "$wanted" ] || { printf '%s\n' "$wanted" | root_file "$unit" 0644; systemctl daemon-reload; }
  systemctl start "$1"
  found=$(limit_of "$(systemctl show --property ControlGroup --value "$1")")
  [ "$found" = "$2" ] || fail "the PID limit of $1 is $found, not $2"
}
