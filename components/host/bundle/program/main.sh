# What can be asked of the program.
. ./common.sh
. ../../root-files.sh
. ./compare.sh
. ./stage.sh
. ./upgrade.sh
. ./swap.sh
. ./undo.sh
. ./memory.sh
. ./estate.sh
. ./accounts.sh
plan() {
  receive
  compare
  show_difference
  if nothing_to_do; then report unchanged; else report planned; fi
}
apply() {
  receive
  ask_daemon
  judge_accounts
  recover
  compare
  if [ -d "$home/waiting" ]; then
    if [ "$(cat "$home/waiting/id")" = "$id" ] && nothing_to_do; then
      say "this bundle waits for its confirmation already"
      report waiting
      return 0
    fi
    say "a change that nobody confirmed is undone first"
    undo waiting
    disarm
    compare
  fi
  if nothing_to_do; then
    adopt
    hold
    former
    report unchanged
    return 0
  fi
  install_recovery
  packages
  # Packages bring files and users of their own.
  [ ! -s "$work/packages" ] || { cp "$work/packages" "$work/brought"; compare; cp "$work/brought" "$work/packages"; }
  stage
  validate
  go_live
  swap
  take_effect
  settle
  former
  if [ -d "$home/waiting" ]; then report waiting; else report applied; fi
}
# Everything may be as wanted without our having done it: from now on it is ours.
adopt() {
  to_be_known >"$home/applied.new"
  if cmp -s "$home/applied.new" "$home/applied"; then rm -f "$home/applied.new"; else mv -f "$home/applied.new" "$home/applied"; fi
}
install_recovery() {
  if [ "$scope" != host ] || ! booted; then return 0; fi
  unit=/etc/systemd/system/garrison-host-recover.service
  [ ! -f "$unit" ] || ! printf '%s\n' "$recovery" | cmp -s - "$unit" || return 0
  printf '%s\n' "$recovery" | root_file "$unit" 0644
  systemctl daemon-reload
  systemctl --quiet enable garrison-host-recover.service
}
# What an estate's unit does before Docker starts.
start() {
  recover boot
  touch "$work/lines" "$work/known"
  [ ! -f "$home/applied" ] || cp "$home/applied" "$work/lines"
  [ ! -f "$home/previous/store" ] || whole=$(opened) || fail "the files that are kept for a start cannot be opened; deploy again"
  hold boot
}
# An estate goes: it leaves nothing but its data.
remove() {
  receive
  recover
  compare
  release
  if [ -s "$work/changes" ]; then
    stage
    go_live
    swap
    reload_units "$home/live/changes"
    commit live
  fi
  tidy
}
boot() {
  recover boot
  [ ! -d "$home/waiting" ] || undo waiting boot
}
# Asked by the timer.
undo_now() {
  for journal in live waiting; do
    [ "$(cat "$home/$journal/id" 2>/dev/null)" != "$wanted" ] || { say "nobody confirmed the change"; undo "$journal"; }
  done
}
confirm() {
  if [ ! -d "$home/waiting" ]; then
    [ -z "$wanted" ] || [ "$(cat "$home/undone" 2>/dev/null)" != "$wanted" ] || fail "the change was undone before it was confirmed; apply again"
    answer '{"state":"confirmed"}'
    return 0
  fi
  [ -z "$wanted" ] || [ "$(cat "$home/waiting/id")" = "$wanted" ] || fail "another change waits for its confirmation than the one that is confirmed"
  fresh || fail "this connection is older than the change, so it proves nothing; confirm over a new one"
  commit waiting
  answer '{"state":"confirmed"}'
}
# Whether the ssh session that asks began after the change was in effect. On the machine itself there is none.
fresh() {
  process=$$
  while [ "$process" -gt 1 ]; do
    case $(cat "/proc/$process/comm") in
      sshd*) [ "$(started "$process")" -ge "$(cat "$home/waiting/settled")" ]; return ;;
    esac
    process=$(parent "$process")
  done
}
rollback() {
  recover
  for journal in waiting previous; do
    [ -d "$home/$journal" ] || continue
    undo "$journal"
    disarm
    answer '{"state":"rolled back"}'
    return 0
  done
  fail "there is no change that could be rolled back"
}
# The key that a machine is born with was known to others. It makes one that never leaves it and tells the public half;
# sshd serves both, so this can be asked again over the first until a connection has proven the second.
rekey() {
  key=/etc/ssh/ssh_host_ed25519_key
  made=/etc/ssh/.garrison-new-host-key
  only_roots "${key%/*}"
  if [ ! -s "$key" ]; then
    step "make the lasting host key"
    rm -f "$made" "$made.pub"
    ssh-keygen -q -t ed25519 -N "" -C "" -f "$made" </dev/null
    chmod 0644 "$made.pub"
    sync "$made" "$made.pub"
    # The private one last: while it is not there, this begins again.
    mv -f "$made.pub" "$key.pub"
    mv -f "$made" "$key"
  fi
  # Also after a run that was cut off before it.
  ! booted || reload_ssh
  public_of "$key"
}
# Asked over the lasting key only. A key of the same kind that is not the first boot's stays.
forget() {
  key=/etc/ssh/ssh_host_ecdsa_key
  [ -s /etc/ssh/ssh_host_ed25519_key ] || fail "there is no other host key; first: sh $home/program rekey"
  if [ -s "$key" ] && [ "$(public_of "$key" | cut -d ' ' -f 2)" = "$wanted" ]; then
    step "remove the host key of the first boot"
    rm -f "$key.pub" "$key"
  fi
  ! booted || reload_ssh
  answer '{"state":"forgotten"}'
}
# sshd closes its port for a moment and opens it again: whoever connects next is not refused.
reload_ssh() {
  before=$(listening)
  systemctl reload ssh.service
  tries=50
  while [ "$tries" -gt 0 ]; do
    now=$(listening)
    [ -z "$now" ] || [ "$now" = "$before" ] || return 0
    tries=$((tries - 1))
    sleep 0.1
  done
}
# The sockets of sshd by their numbers, which are others after it has opened them anew; nothing where ss is not installed.
listening() { ss -Hltnpe 2>/dev/null | awk '/"sshd"/ { for (i = 1; i <= NF; i++) if ($i ~ /^ino:/) print $i }' | sort; }
public_of() { ssh-keygen -y -f "$1" | cut -d ' ' -f 1,2; }
ended() {
  code=$?
  trap - EXIT
  if [ "$code" != 0 ] && [ "$mode" = apply ]; then
    if [ -d "$home/live" ]; then
      undo live
      disarm
    else
      discard
      [ -d "$home/waiting" ] || disarm
    fi
  fi
  [ -z "$work" ] || rm -rf "$work"
  exit "$code"
}
# main <judge.sh> <the unit that undoes at the next start> <where the program lies that judges the runtime>
main() {
  judges=$1
  recovery=$2
  runtime=$3
  case $mode$scope in
    removehost) say "the machine keeps its configuration: without it, it would be less protected than with it"; return 0 ;;
  esac
  case $mode in
    plan)
      trap ended EXIT
      workplace shared
      plan
      ;;
    apply | remove | start | boot | undo | confirm | rollback | rekey | forget)
      lock 900
      trap ended EXIT
      trap 'exit 143' TERM INT
      workplace own
      case $mode in
        undo) undo_now ;;
        *) "$mode" ;;
      esac
      ;;
    *)
      say "sh $home/program rollback    take the last change back"
      say "sh $home/program confirm     keep a change that waits for its confirmation"
      exit 64
      ;;
  esac
}
