# Gives an estate's files to its host, or takes them away. Nothing is done before the last line has come in, so that a
# connection that breaks does nothing instead of half. Where there is systemd, the script that fills is kept encrypted, and
# run again before Docker starts.
set -eu
. ../host/boot-unit.sh
umask 077
mode=$1
tell=${tell:-2}
fail() { printf 'garrison: %s\n' "$*" >&"$tell"; exit 1; }
keep() {
  [ -d /run/systemd/system ] || return 0
  # systemd takes credentials of up to 1 MiB.
  [ ${#fill} -le 1048576 ] || fail "the files are $((${#fill} / 1024)) KiB, and systemd-creds keeps 1024; make them smaller"
  command -v systemd-creds >/dev/null || fail "systemd-creds is missing: a reboot could not bring the files back; it is part of systemd 250 and newer"
  export SYSTEMD_LOG_LEVEL=err
  only_roots "$store"
  mkdir -p "$store"
  [ -f "$store/files.cred" ] && [ "$(systemd-creds --name="$unit" decrypt "$store/files.cred" - 2>/dev/null)" = "$fill" ] && return 0
  rm -f "$store"/files.cred.*
  encrypted=$(mktemp "$store/files.cred.XXXXXX")
  printf '%s\n' "$fill" | systemd-creds --name="$unit" encrypt - "$encrypted" 2>&"$tell"
  mv -fT "$encrypted" "$store/files.cred"
}
forget() {
  rm -f "$store"/files.cred*
  [ ! -d "$store" ] || rmdir "$store" 2>/dev/null || true
  [ -d "$root" ] || return 0
  rm -rf -- "${root:?}"/*
  ! awk -v at="$root" '$2 == at { found = 1 } END { exit !found }' /proc/self/mounts || umount "$root"
  rmdir "$root"
  rmdir /run/garrison 2>/dev/null || true
}
# deliver <unit> <store> <root> <script that fills it> <file of the unit> <what the unit runs>
deliver() {
  unit=$1
  store=$2
  root=$3
  fill=$4
  [ "$(id -u)" = 0 ] || fail "only root can give files to their services"
  if [ "$mode" = remove ]; then forget; else printf '%s\n' "$fill" | sh; keep; fi
  boot_unit "$unit" "$5" "$6"
}
