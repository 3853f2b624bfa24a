# The kernel knows numbers only: whoever gets out of a container is the account of this machine that has its number. The
# settings give no person a container's, but an installer gives the first one 1000, which some images want for themselves.
told=
last_uid=2000
last_gid=2000
# person <uid> <containers>
person() {
  found=$(getent passwd "$1") || return 0
  name=${found%%:*}
  last_uid=$(next_free "$last_uid")
  told="$told
  usermod --uid $last_uid $name    # it has $1, as $2"
}
# group_of <gid> <containers>: a group that nobody is in opens nothing
group_of() {
  found=$(getent group "$1") || return 0
  homes=$(printf '%s\n' "$people" | awk -F : -v number="$1" '$4 == number { print $6 }')
  [ -n "${found##*:}$homes" ] || return 0
  last_gid=$(next_free "$last_gid")
  told="$told
  groupmod --gid $last_gid ${found%%:*}    # it has $1, as $2"
  for home in $homes; do
    told="$told
  find $home -xdev -gid $1 -execdir chgrp -h $last_gid {} +"
  done
}
# The next number that neither an account nor a group has.
next_free() {
  number=$(($1 + 1))
  while getent passwd "$number" || getent group "$number"; do number=$((number + 1)); done >/dev/null
  echo "$number"
}
# Lines of the manifest: account uid|gid <number> <containers>.
judge_accounts() {
  grep '^account ' "$work/manifest" >"$work/accounts" || return 0
  people=$(getent passwd) || fail "the accounts of this machine cannot be read: getent passwd fails"
  while read -r _ kind claimed containers; do
    case $kind in
      uid) person "$claimed" "$containers" ;;
      gid) group_of "$claimed" "$containers" ;;
    esac
  done <"$work/accounts"
  [ -z "$told" ] || fail "who gets out of a container is the account of its number. An image keeps the number it wants, so the account gets another. Type as root, while nobody is logged in as it:$told"
}
