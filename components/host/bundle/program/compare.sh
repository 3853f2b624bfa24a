# Finds what is different. One process looks at all contents and one at all modes and owners, so that a run that has
# nothing to do is over in a moment.
#
# Lines of `changes`: put|drop, path, mode, owner, check, guarded|free, secret|open, actions, had|new.
receive() {
  whole=$(cat)
  id=$(printf '%s\n' "$whole" | tail -n 1 | sed -n 's/^end //p')
  [ -n "$id" ] || fail "the bundle was cut off on its way; nothing was changed"
  [ "$(printf '%s\n' "$whole" | sed '$d' | head -c -1 | sha256sum | cut -d ' ' -f 1)" = "$id" ] || fail "the bundle was damaged on its way; nothing was changed"
  printf '%s\n' "$whole" | grep -v '^file ' >"$work/manifest"
  window=$(awk '$1 == "host" { print $3 }' "$work/manifest")
}
# Units of an estate are for systemd.
of_this_machine() { if [ "$scope" = host ] || booted; then cat; else grep -v -e '^enable ' -e '^entry /etc/systemd/system/'; fi; }
# What we have put here, by the last bundle; of what is to be removed, also what this one would.
known_lines() {
  [ ! -f "$home/applied" ] || cat "$home/applied"
  [ "$mode" != remove ] || cat "$work/lines"
}
compare() {
  cut -d ' ' -f 1-9 "$work/manifest" | of_this_machine >"$work/lines"
  known_lines | awk '!seen[$1, $2]++' >"$work/known"
  [ "$mode" != remove ] || : >"$work/lines"
  ways
  awk '$1 == "entry" { print $3 "  " $2 }' "$work/lines" >"$work/sums"
  { sha256sum --check "$work/sums" 2>/dev/null || :; } | sed -n 's/: OK$//p' >"$work/same"
  { awk '$1 == "entry" { print $2 }' "$work/lines" | xargs -r stat -c '%n %a %U:%G %F' 2>/dev/null || :; } >"$work/stats"
  awk -v same="$work/same" -v stats="$work/stats" -v known="$work/known" '
    FILENAME == same { equal[$1] = 1; next }
    FILENAME == stats { had[$1] = "had"; if ($4 == "regular") is[$1] = $2 " " $3; next }
    FILENAME == known { if ($1 == "entry") { line[++count] = $0; path[count] = $2 } next }
    $1 == "entry" {
      ours[$2] = 1
      if (equal[$2] && is[$2] == $4 " " $5) next
      print "put", $2, $4, $5, $6, $7, $8, $9, ($2 in had ? "had" : "new")
    }
    END { for (i = 1; i <= count; i++) if (!(path[i] in ours)) { split(line[i], word); print "drop", word[2], word[4], word[5], word[6], word[7], word[8], word[9], "had" } }
  ' "$work/same" "$work/stats" "$work/known" "$work/lines" | without_others >"$work/changes"
  compare_packages
  compare_releases
  compare_users
  compare_units
  compare_store
}
# Nothing is read either where somebody else can put a link or a pipe.
ways() {
  awk '$1 == "entry" { sub(/\/[^\/]*$/, "", $2); print $2 }' "$work/lines" | sort -u >"$work/directories"
  set --
  while read -r directory; do set -- "$@" "$directory"; done <"$work/directories"
  [ $# = 0 ] || only_roots "$@"
}
# What is no longer wanted, and lies where others make the names by now, is theirs.
without_others() {
  while read -r what path rest; do
    if [ "$what" = drop ] && [ -n "$(others_on "${path%/*}")" ]; then
      say "$path is left as it is: its directory is not root's alone"
    else
      echo "$what $path $rest"
    fi
  done
}
compare_packages() {
  awk '$1 == "package" { print $2 }' "$work/lines" | sort >"$work/wanted"
  # dpkg fills them in.
  # shellcheck disable=SC2016
  { xargs -r dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null <"$work/wanted" || :; } |
    awk '$1 == "ii" { print $2 }' | sort -u >"$work/installed"
  comm -23 "$work/wanted" "$work/installed" >"$work/packages"
}
# Lines of users: make|change|lock, name, uid, shell, groups.
compare_users() {
  : >"$work/users"
  awk '$1 == "user"' "$work/lines" >"$work/people"
  while read -r _ name uid shell groups; do
    found=$(getent passwd "$name") || { echo "make $name $uid $shell $groups" >>"$work/users"; continue; }
    has=$(printf '%s' "$found" | cut -d : -f 3)
    [ "$has" = "$uid" ] || fail "user $name has the number $has on this machine, and the bundle says $uid; a user is never renumbered, because files would change hands: say $has in the specification"
    now=$(id -nG "$name" | tr ' ' '\n' | grep -vx "$(id -gn "$name")" | sort | paste -sd ,) || now=
    if [ "$(printf '%s' "$found" | cut -d : -f 7)" != "$shell" ] || [ "${now:--}" != "$groups" ] || [ "$(chage_of "$name")" = 1 ]; then
      echo "change $name $uid $shell $groups" >>"$work/users"
    fi
  done <"$work/people"
  awk '$1 == "user" { print $2 }' "$work/known" | while read -r name; do
    grep -q "^user $name " "$work/people" || [ "$(chage_of "$name")" = 1 ] || echo "lock $name" >>"$work/users"
  done
}
# Day on which an account ends; 1 is how we close one.
chage_of() { getent shadow "$1" | cut -d : -f 8; }
compare_units() {
  : >"$work/units"
  awk '$1 == "enable" { print $2 }' "$work/lines" | while read -r unit; do
    [ "$(systemctl is-enabled "$unit" 2>/dev/null)" = enabled ] || echo "$unit" >>"$work/units"
  done
}
nothing_to_do() {
  for list in changes packages upgrades users units store; do [ ! -s "$work/$list" ] || return 1; done
}
guarded() { [ -s "$work/users" ] || awk '$6 == "guarded" { found = 1 } END { exit !found }' "$work/changes"; }
content_of() { awk -v path="$1" '$1 == "entry" && $2 == path { if ($10 != "-") print $10; exit }' "$work/manifest" | base64 -d; }
# All words come from the bundle and hold nothing that JSON would have to escape.
report() {
  [ "$scope" = host ] || return 0
  files=$(awk '{ printf "%s{\"action\":\"%s\",\"path\":\"%s\"}", (NR > 1 ? "," : ""), ($1 == "drop" ? "remove" : $9 == "new" ? "create" : "change"), $2 }' "$work/changes")
  answer "{\"bundle\":\"$id\",\"state\":\"$1\",\"guarded\":$(guarded && echo true || echo false),\"files\":[$files],\"packages\":[$(words "$work/packages" 1)],\"upgrades\":[$(words "$work/upgrades" 1)],\"users\":[$(words "$work/users" 2)],\"units\":[$(words "$work/units" 1)]}"
}
words() { awk -v field="$2" '{ printf "%s\"%s\"", (NR > 1 ? "," : ""), $field }' "$1"; }
show_difference() {
  while read -r what path new_mode new_owner _ _ secrecy _ had; do
    if [ "$what" = drop ]; then say "remove $path"; continue; fi
    if [ "$had" = new ]; then say "create $path ($new_mode $new_owner)"; else say "change $path ($(stat -c '%a %U:%G' "$path") -> $new_mode $new_owner)"; fi
    if [ "$secrecy" = secret ]; then say "  (not shown)"; continue; fi
    before=$path
    [ "$had" = had ] || before=/dev/null
    content_of "$path" | diff -u --label "$path now" --label "$path then" "$before" - >&2 || :
  done <"$work/changes"
  while read -r line; do say "install $line"; done <"$work/packages"
  while read -r package release version; do say "exchange $package $version for $release"; done <"$work/upgrades"
  while read -r what name _; do say "$what user $name"; done <"$work/users"
  while read -r unit; do say "enable $unit"; done <"$work/units"
}
