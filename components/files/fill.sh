# Puts files where they belong, in memory below /run/garrison. Each is written beside its place and renamed, so that a
# reader finds the old one or the new one; directories stay the ones that containers have mounted. Contents are arguments
# of functions and of the shell's own printf: no other process, and no temporary file, sees them. Programs that see no
# content say what is wrong on $tell, which is open also where nothing else may be printed.
set -eu
. ../host/root-files.sh
umask 077
tell=${tell:-2}
fail() { printf 'garrison: %s\n' "$*" >&"$tell"; exit 1; }
[ "$(command -v printf)" = printf ] || fail "this machine's sh has no printf of its own: another program would be handed the secrets as arguments; make /bin/sh dash or bash"
# memory <root>: much more than the files of any machine, and little enough that it can never be the host's memory
memory() {
  [ -d /run/garrison ] || mkdir -m 0711 /run/garrison 2>&"$tell"
  [ -d "$1" ] || mkdir -m 0711 "$1" 2>&"$tell"
  options=size=16m,mode=0711,nodev,nosuid,noexec
  found=$(awk -v at="$1" '$2 == at { type = $3 } END { print type }' /proc/self/mounts)
  case $found in
    # With a source, because mount else repeats the options that it reads: a user namespace shows owners that it cannot map.
    tmpfs) mount -o "remount,$options" tmpfs "$1" 2>&"$tell" ;;
    # Kernels before 6.4 do not know noswap.
    "") mount -t tmpfs -o "$options,noswap" tmpfs "$1" 2>/dev/null || mount -t tmpfs -o "$options" tmpfs "$1" 2>&"$tell" ;;
    *) fail "$1 is a mounted $found, not memory; type: umount $1" ;;
  esac
  chmod 0711 "$1"
  at=$1
}
# directory <service> <owner> <name>: what it has is told to the owner's group alone, which is the container's own
directory() {
  service=$at/$1
  owner=$2
  directory=$service/$3
  for path in "$service" "$directory"; do [ -d "$path" ] || mkdir "$path"; done
  chmod 0711 "$service"
  chgrp "${owner#*:}" "$directory"
  chmod 0750 "$directory"
}
# file <name> <base64>
file() {
  if [ -f "$directory/$1" ] && [ "$(stat -c %u:%g:%a "$directory/$1")" = "$owner:400" ]; then
    printf %s "$2" | base64 -d | cmp -s - "$directory/$1" && return 0
  fi
  new=$(mktemp "$directory/.$1.XXXXXX")
  printf %s "$2" | base64 -d >"$new"
  chmod 0400 "$new"
  chown -h "$owner" "$new"
  mv -fT "$new" "$directory/$1"
}
# only <directory> <name>...: removes from it what is not named
only() {
  within=$1
  shift
  for entry in "$within"/* "$within"/.[!.]* "$within"/..?*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    for name in "$@"; do [ "$entry" != "$within/$name" ] || continue 2; done
    rm -rf -- "$entry"
  done
}
