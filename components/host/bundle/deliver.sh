# Brings the program and a bundle to a machine. Nothing is done before the last line has come in. The contents are
# arguments of the shell's own printf only, so no other process of the machine sees them.
set -eu
. ../root-files.sh
umask 077
mode=$1
fail() { printf 'garrison: %s\n' "$*" >&2; exit 1; }
# deliver <program> <manifest>
deliver() {
  kept=/var/lib/garrison/host/program
  if [ "$mode" = apply ] && [ "$(id -u)" = 0 ] && ! printf '%s' "$1" | cmp -s - "$kept"; then
    printf '%s' "$1" | root_file "$kept" 0600
  fi
  printf '%s' "$2" | sh -c "$1" garrison-host "$mode"
}
