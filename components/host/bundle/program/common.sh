# Words that every part of the program uses, and what it finds out about the machine.
#
# The program is POSIX shell with what Debian's base system has, because it runs on a machine that has nothing else yet.
set -eu
umask 077
export LC_ALL=C DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mode=${1:-help}
wanted=${2:-}
# `host` is the machine itself; an estate's rules, files and cgroups have a journal each: `<estate>/rules`.
scope=host
case $mode in apply | remove | start) scope=${2:-host} ;; esac
home=/var/lib/garrison/$scope
own=garrison-$(printf '%s' "$scope" | tr / -)
tell=${tell:-2}
work=
# A connection that breaks must not stop it half-way: what it says is then lost, and what it does is not.
trap '' HUP PIPE
say() { printf 'garrison: %s\n' "$*" >&"$tell" || :; }
answer() { printf '%s\n' "$*" || :; }
fail() { say "$*"; exit 1; }
# Told before each step that changes something of the machine itself; of an estate's, Pulumi tells.
step() { [ "$scope" != host ] || say "$*"; }
booted() { [ -d /run/systemd/system ]; }
# Start of a process in ticks. The second word of stat is a name in brackets and may hold anything.
started() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20; }
parent() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 2; }
# Beside a path, under a name of this change alone: nobody knows it beforehand.
beside() { printf '%s/.%s.%s-%s' "${1%/*}" "${1##*/}" "$mark" "$2"; }
marked() { mark=$(cat "$1/mark" 2>/dev/null) || mark=garrison; }
lock() {
  [ "$(id -u)" = 0 ] || fail "only root can configure a machine"
  only_roots "$home"
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock -w "$1" 9 || fail "another apply is running on this machine; wait for it to end"
}
# A place in memory for what only this run needs. What a killed run left there goes first: we hold the lock.
workplace() {
  [ "$1" = shared ] || rm -rf "/run/$own".*
  work=$(mktemp -d "/run/$own.XXXXXX")
  whole=
}
