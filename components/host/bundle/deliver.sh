# Brings the program and a bundle to a machine. Nothing is done before the last line has come in. The contents are
# arguments of the shell's own printf only, so no other process of the machine sees them.
set -eu
. ../root-files.sh
umask 077
mode=$1
. ../own-printf.sh
# deliver <program> <manifest> <host, or the part of an estate>
deliver() {
  kept=/var/lib/garrison/host/program
  if [ "$mode" = apply ] && [ "$(id -u)" = 0 ]; then
    # While it is there, no estate that goes takes the program along.
    only_roots "/var/lib/garrison/$3"
    mkdir -p "/var/lib/garrison/$3"
    printf '%s' "$1" | cmp -s - "$kept" || printf '%s' "$1" | root_file "$kept" 0600
  fi
  printf '%s' "$2" | sh -c "$1" garrison-host "$mode" "$3"
}
