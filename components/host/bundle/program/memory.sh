# Files of services in memory below /run/garrison. Each is written beside its place and renamed, so that a reader finds the
# old one or the new one; directories stay the ones that containers have mounted. No other process and no other file sees
# a content: it is an argument of the shell's own printf. Where there is systemd, the manifest lies encrypted in the
# journal, and a start of the machine fills the memory from it.
hold_files() {
  memory=$(of_files memory | cut -d ' ' -f 2)
  [ -n "$memory" ] || return 0
  mount_memory
  of_files directory | awk -v root="$memory" '{ print root "/" $2; print root "/" $2 "/" $4 }' | sort -u >"$work/there"
  set -- "$memory"
  while read -r path; do set -- "$@" "$path"; done <"$work/there"
  only_roots "$@"
  printf '%s\n' "$whole" | while read -r word first second third; do
    case $word in
      directory)
        owner=$second
        directory=$memory/$first/$third
        for path in "${directory%/*}" "$directory"; do [ -d "$path" ] || mkdir "$path"; done
        chmod 0711 "${directory%/*}"
        # What it has is told to the owner's group alone, which is the container's own.
        chgrp "${owner#*:}" "$directory"
        chmod 0750 "$directory"
        ;;
      file)
        echo "$directory/$first" >>"$work/there"
        put_file "$directory" "$first" "$owner" "${second#-}"
        ;;
    esac
  done
  not_wanted | while IFS= read -r path; do
    # A name of two lines would be another path.
    case $path in "$memory"/?*) step "remove $path"; rm -rf -- "$path" ;; esac
  done
}
of_files() { printf '%s\n' "$whole" | awk -v kind="$1" '$1 == kind'; }
not_wanted() { find "$memory" -mindepth 1 | grep -vxF -f "$work/there" || :; }
# Much more than the files of any machine, and little enough that it can never be the host's memory.
mount_memory() {
  [ -d /run/garrison ] || mkdir -m 0711 /run/garrison 2>&"$tell"
  [ -d "$memory" ] || mkdir -m 0711 "$memory" 2>&"$tell"
  options=size=16m,mode=0711,nodev,nosuid,noexec
  case $(mounted) in
    # With a source, because mount else repeats the options that it reads: a user namespace shows owners that it cannot map.
    tmpfs) mount -o "remount,$options" tmpfs "$memory" 2>&"$tell" ;;
    # Kernels before 6.4 do not know noswap.
    "") mount -t tmpfs -o "$options,noswap" tmpfs "$memory" 2>/dev/null || mount -t tmpfs -o "$options" tmpfs "$memory" 2>&"$tell" ;;
    *) fail "$memory is a mounted $(mounted), not memory; type: umount $memory" ;;
  esac
  chmod 0711 "$memory"
}
mounted() { awk -v at="$memory" '$2 == at { type = $3 } END { print type }' /proc/self/mounts; }
# put_file <directory> <name> <owner> <base64>
put_file() {
  if [ -f "$1/$2" ] && [ "$(stat -c %u:%g:%a "$1/$2")" = "$3:400" ]; then
    # A broken pipe is no news: the program ignores the signal, so base64 would tell of it.
    printf %s "$4" | base64 -d 2>/dev/null | cmp -s - "$1/$2" && return 0
  fi
  step "write $1/$2"
  new=$(mktemp "$1/.$2.XXXXXX")
  printf %s "$4" | base64 -d >"$new"
  chmod 0400 "$new"
  chown -h "$3" "$new"
  mv -fT "$new" "$1/$2"
}
empty_memory() {
  step "empty $memory"
  rm -rf -- "${memory:?}"/*
  [ -z "$(mounted)" ] || umount "$memory"
  rmdir "$memory"
  rmdir /run/garrison 2>/dev/null || true
}
keeps() { booted && grep -q '^memory ' "$work/lines"; }
compare_store() {
  : >"$work/store"
  ! keeps || [ "$(opened 2>/dev/null)" = "$whole" ] || echo store >"$work/store"
}
opened() { SYSTEMD_LOG_LEVEL=err systemd-creds --name="$own" decrypt "$home/previous/store" -; }
stage_store() {
  keeps || return 0
  step "keep the files for the next start"
  # systemd takes credentials of up to 1 MiB.
  [ ${#whole} -le 1048576 ] || fail "the files are $((${#whole} / 1024)) KiB, and systemd-creds keeps 1024; make them smaller"
  command -v systemd-creds >/dev/null || fail "systemd-creds is missing: a reboot could not bring the files back; it is part of systemd 250 and newer"
  printf '%s\n' "$whole" | SYSTEMD_LOG_LEVEL=err systemd-creds --name="$own" encrypt - "$home/staging/store" 2>&"$tell"
}
