# Makes the change. The name of the journal's directory says how far it is, because a rename needs no space on the disk
# and is done or not done: `staging` nothing is in effect, `live` it is being made, `waiting` it waits for its
# confirmation, `previous` it stays and can be rolled back.
go_live() {
  if guarded; then
    touch "$home/staging/guarded"
    arm "$id"
  fi
  sync "$home/staging" "$home/staging/"* 2>/dev/null || sync
  step "go live"
  mv "$home/staging" "$home/live"
}
swap() {
  exchange "$home/live" new || fail "a package could not be exchanged"
  while read -r what name uid shell groups; do
    step "$what user $name"
    change_user "$home/live" "$what" "$name" "${uid:-}" "${shell:-}" "${groups:-}"
  done <"$work/users"
  while read -r what path new_mode new_owner _; do
    new=$(beside "$path" new)
    if [ -e "$new" ]; then
      step "swap $path"
      # Now its owner exists, if it was made only now.
      [ "$what" = drop ] || [ "$new_owner" = root:root ] || chown -h "$new_owner" "$new"
      mv -fT "$new" "$path"
    else
      step "remove $path"
      disable "$path"
      rm -f "$path"
    fi
  done <"$work/changes"
}
# Docker would require what is gone.
disable() {
  if [ "$scope" = host ] || ! booted; then return 0; fi
  case $1 in *.service) quiet systemctl --quiet disable "${1##*/}" || : ;; esac
}
change_user() {
  [ "$5" = - ] || [ -x "$5" ] || [ -z "$5" ] || fail "user $3: there is no shell $5 on this machine"
  groups=$6
  [ "$groups" != - ] || groups=
  case $2 in
    make)
      echo "made $3" >>"$1/users.undo"
      if getent group "$3" >/dev/null; then
        useradd -m -u "$4" -g "$3" -s "$5" -G "$groups" "$3"
      else
        useradd -m -u "$4" -U -s "$5" -G "$groups" "$3"
      fi
      ;;
    change)
      ended=$(chage_of "$3")
      echo "was $3 $(getent passwd "$3" | cut -d : -f 7) ${ended:--} $(id -nG "$3" | tr ' ' '\n' | grep -vx "$(id -gn "$3")" | paste -sd ,)" >>"$1/users.undo"
      usermod -s "$5" -G "$groups" -e "" "$3"
      ;;
    lock)
      echo "unlock $3 $(chage_of "$3")" >>"$1/users.undo"
      usermod -L -e 1 "$3"
      ;;
  esac
}
# Units first, because an action may be about one of them.
take_effect() {
  reload_units "$work/changes"
  enable_units
  actions "$work/changes" | together | while read -r action; do
    step "${action#*:}"
    act "${action#*:}" "$home/live" || fail "${action#*:} failed"
  done
  # Its units are for the next start.
  [ "$scope" = host ] || { hold; return; }
  tell_of_runtime
  booted || return 0
  start_units
  still_up
}
# What runs the containers and what has no fix yet is said, and stops nothing: an apply may be what brings the fix.
tell_of_runtime() {
  [ -x "$runtime" ] || return 0
  "$runtime" record 2>/dev/null | grep -v ' has the fixes ' | while read -r line; do say "$line"; done || :
}
# All units at once, because the machine's manager reads everything again each time; one by one to say which.
enable_units() {
  [ -s "$work/units" ] || return 0
  step "enable $(paste -sd ' ' "$work/units")"
  xargs systemctl is-active <"$work/units" >"$work/states" 2>/dev/null || :
  paste -d ' ' "$work/units" "$work/states" >"$home/live/units.undo"
  xargs systemctl --quiet enable <"$work/units" 2>/dev/null && return 0
  while read -r unit; do systemctl --quiet enable "$unit" 2>/dev/null || fail "unit $unit cannot be enabled"; done <"$work/units"
}
start_units() {
  [ -s "$work/units" ] || return 0
  quiet xargs -a "$work/units" systemctl start && return 0
  while read -r unit; do systemctl start "$unit" || fail "unit $unit does not start: $(systemctl status --no-pager -n 5 "$unit" 2>&1 | tail -n 5)"; done <"$work/units"
}
# What is to be done to several units as one action.
together() {
  awk '
    { verb = match($0, /^[0-9]:[a-z-]*:/) ? substr($0, 1, RLENGTH) : "" }
    verb == "" || verb != last { if (line != "") print line; line = $0; last = verb; next }
    { line = line " " substr($0, length(verb) + 1) }
    END { if (line != "") print line }
  '
}
reload_units() {
  ! booted || ! grep -q ' /etc/systemd/system/' "$1" || systemctl daemon-reload
}
actions() { cut -d ' ' -f 8 "$1" | tr ',' '\n' | grep -v '^-$' | sort -u || :; }
act() {
  case $1 in
    sysctl) kernel "$2" ;;
    rules) rules "$2" ;;
    audit) ! command -v augenrules >/dev/null || ! booted || ! systemctl is-active --quiet auditd.service || quiet augenrules --load ;;
    docker)
      booted || return 0
      # A reload switches live-restore on, so that the restart behind it leaves containers alone.
      ! systemctl is-active --quiet docker.service || systemctl reload docker.service || :
      systemctl restart docker.service
      ;;
    *) ! booted || printf '%s' "${1#*:}" | xargs -d ' ' systemctl "${1%%:*}" ;;
  esac
}
kernel_file() { printf '/proc/sys/%s' "$(printf '%s' "$1" | tr . /)"; }
set_kernel() { { printf '%s' "$2" >"$(kernel_file "$1")"; } 2>/dev/null; }
# What a container of a lab may not set belongs to its host.
kernel() {
  : >"$work/kernel"
  while read -r _ path _; do
    case $path in
      /etc/sysctl.d/*) [ ! -f "$path" ] || sed -n 's/^\([a-z][^ =]*\) *= *\(.*\)$/\1 \2/p' "$path" >>"$work/kernel" ;;
    esac
  done <"$1/changes"
  while read -r key value; do
    at=$(kernel_file "$key")
    now=$({ tr '\t' ' ' <"$at"; } 2>/dev/null) || now=
    [ "$now" != "$value" ] || continue
    [ -z "$now" ] || echo "$key $now" >>"$1/kernel.undo"
    set_kernel "$key" "$value" && continue
    quiet systemd-detect-virt --container || { say "the kernel refuses $key = $value"; return 1; }
    say "$key is the host's to set and stays $now"
  done <"$work/kernel"
}
# One table a file, each replaced as a whole in one transaction; no other table is touched.
rules() {
  number=0
  while read -r _ path _; do
    number=$((number + 1))
    case $path in
      /etc/garrison/rules.d/*.nft)
        if [ -f "$path" ]; then nft -f "$path" || return 1; else nft delete table inet "$(basename "$path" .nft)" 2>/dev/null || :; fi
        ;;
    esac
  done <"$1/changes"
}
# A program may accept its configuration and die of it a moment later.
still_up() {
  actions "$work/changes" | sed -n -e 's/^[0-9]:re[a-z]*:\(.*\)$/\1/p' -e 's/^[0-9]:docker$/docker.service/p' >"$work/restarted"
  cat "$work/units" >>"$work/restarted"
  [ -s "$work/restarted" ] || return 0
  sleep 1
  while read -r unit; do
    ! systemctl is-failed --quiet "$unit" || fail "unit $unit does not stay up: $(systemctl status --no-pager -n 5 "$unit" 2>&1 | tail -n 5)"
  done <"$work/restarted"
}
settle() {
  if [ -f "$home/live/guarded" ]; then
    started self >"$home/live/settled"
    disarm
    arm "$id"
    mv "$home/live" "$home/waiting"
    say "waiting for a confirmation over a fresh connection; undone in $window seconds without it"
  else
    commit live
  fi
}
# After the first of these renames the change stays, whatever happens to the rest.
commit() {
  step "commit"
  rm -rf "$home/previous.old"
  [ ! -d "$home/previous" ] || mv -T "$home/previous" "$home/previous.old"
  mv -T "$home/$1" "$home/previous"
  finish_commit
}
finish_commit() {
  cp "$home/previous/applied" "$home/applied.new"
  mv -f "$home/applied.new" "$home/applied"
  rm -f "$home/previous/unsettled"
  disarm
  rm -rf "$home/previous.old"
}
