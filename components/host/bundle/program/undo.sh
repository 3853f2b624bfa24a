# Takes a change back, as far as it went; can be killed and run again. And the timer that does it when nobody confirms.
# undo <journal> [boot]: with boot, services have not started yet and nothing is restarted.
undo() {
  journal=$home/$1
  marked "$journal"
  step "undo what was changed"
  set +e
  trouble=0
  number=0
  while read -r _ path _; do
    number=$((number + 1))
    others=$(others_on "${path%/*}")
    [ -z "$others" ] || { say "$path: its directory is not root's alone any more: $others"; trouble=1; continue; }
    rm -f "$(beside "$path" new)"
    if [ -e "$journal/old/$number" ] || [ -L "$journal/old/$number" ]; then
      step "put back $path"
      put_back "$journal/old/$number" "$path" || trouble=1
    else
      step "remove $path again"
      rm -f "$path" || trouble=1
    fi
  done <"$journal/changes"
  exchange "$journal" old || trouble=1
  [ ! -f "$journal/directories" ] || tac "$journal/directories" | while read -r made; do rmdir "$made" 2>/dev/null; done
  [ ! -f "$journal/users.undo" ] || tac "$journal/users.undo" | while read -r kind name first second third; do undo_user "$kind" "$name" "$first" "$second" "$third"; done
  [ ! -f "$journal/kernel.undo" ] || tac "$journal/kernel.undo" | while read -r key value; do set_kernel "$key" "$value"; done
  undo_units "$journal" "${2:-}"
  set -e
  [ "$trouble" = 0 ] || fail "not everything could be put back; the journal stays in $journal, and the next run tries again"
  if [ -f "$journal/before" ]; then put_back "$journal/before" "$home/applied"; else rm -f "$home/applied"; fi
  cat "$journal/id" >"$home/undone" 2>/dev/null || :
  rm -rf "$home/undoing.old"
  mv -T "$journal" "$home/undoing.old"
  rm -rf "$home/undoing.old"
  say "everything is as it was before"
}
# A second name for the copy needs no space on a full disk, and half a copy is worse than what is there now.
put_back() {
  ! same "$1" "$2" || return 0
  back=$(beside "$2" old)
  rm -f "$back"
  if { ln -P "$1" "$back" 2>/dev/null || cp -a "$1" "$back"; } && mv -fT "$back" "$2"; then return 0; fi
  rm -f "$back"
  return 1
}
# Two names of one file: a run that was killed came that far, and mv refuses to do it again.
same() { [ "$(stat -c %d:%i "$1")" = "$(stat -c %d:%i "$2" 2>/dev/null)" ]; }
undo_user() {
  case $1 in
    made) ! getent passwd "$2" >/dev/null || userdel "$2" ;;
    was) usermod -s "$3" -e "${4#-}" -G "$5" "$2" ;;
    unlock) usermod -U -e "$3" "$2" 2>/dev/null || usermod -e "$3" "$2" ;;
  esac
}
undo_units() {
  if [ -f "$1/units.undo" ]; then
    while read -r unit state; do
      step "disable $unit again"
      quiet systemctl --quiet disable "$unit"
      [ "$state" = active ] || ! booted || quiet systemctl --no-block stop "$unit"
    done <"$1/units.undo"
  fi
  ! booted || ! grep -q ' /etc/systemd/system/' "$1/changes" || systemctl daemon-reload
  actions "$1/changes" | while read -r action; do
    case ${2:+boot}$action in
      1:sysctl | boot*) ;;
      2:rules) rules "$1" || say "the rules could not be put back" ;;
      *)
        exists "$action" || continue
        step "${action#*:}"
        act "${action#*:}" "$1" || say "${action#*:} failed; nothing else can be done about it from here"
        ;;
    esac
  done
}
# A unit that came with the change is gone again.
exists() {
  case $1 in
    *.service | *.timer | *.path) ! booted || quiet systemctl cat "${1##*:}" ;;
  esac
}
arm() {
  if booted; then
    systemctl stop garrison-host-undo.timer 2>/dev/null || :
    systemctl reset-failed garrison-host-undo.service 2>/dev/null || :
    systemd-run --quiet --collect --unit=garrison-host-undo --on-active="$window" --timer-property=AccuracySec=1s /bin/sh "$home/program" undo "$1"
  else
    # The inner shell's words.
    # shellcheck disable=SC2016
    setsid sh -c 'sleep "$1"; exec sh "$2" undo "$3"' undo "$window" "$home/program" "$1" </dev/null >/dev/null 2>&1 9>&- &
    echo $! >"$home/timer"
  fi
}
disarm() {
  [ "$scope" = host ] || return 0
  if booted; then
    # The service too: it may be waiting for the lock that we hold.
    systemctl stop garrison-host-undo.timer garrison-host-undo.service 2>/dev/null || :
  elif [ -f "$home/timer" ]; then
    # The number may have become another process's.
    timer=$(cat "$home/timer")
    ! grep -qa garrison/host/program "/proc/$timer/cmdline" 2>/dev/null || kill -- "-$timer" 2>/dev/null || :
    rm -f "$home/timer"
  fi
}
# What a run that was killed left behind.
recover() {
  rm -rf "$home/undoing.old"
  discard
  if [ -d "$home/live" ]; then
    say "an apply was stopped in the middle"
    undo live "${1:-}"
    disarm
  fi
  [ -d "$home/previous" ] || [ ! -d "$home/previous.old" ] || mv -T "$home/previous.old" "$home/previous"
  [ ! -f "$home/previous/unsettled" ] || finish_commit
  [ ! -d "$home/previous" ] || rm -rf "$home/previous.old"
}
