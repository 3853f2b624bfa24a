# Puts everything that is new beside its place and lets each program judge it, before anything is in effect. Checkers
# read whole directories, so they are shown the future: a copy of the directories with the changes in it, mounted over
# them where only the checkers see it.
packages() {
  [ -s "$work/packages" ] || return 0
  step "install $(paste -sd ' ' "$work/packages")"
  sources
  # Another one may be at work: the machine's own updates at night.
  set -- install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300
  while read -r package; do set -- "$@" "$package"; done <"$work/packages"
  [ -s "$work/sources" ] || ! quiet apt-get "$@" || return 0
  # A machine that was just installed has no package lists yet, or old ones.
  quiet apt update -q || :
  apt "$@" </dev/null >&2 || fail "packages could not be installed, and nothing else was changed; look at the package mirror and apply again"
}
# A package source of this very bundle is needed before its files are in effect: apt is shown them beside the machine's own.
sources() {
  awk '$1 == "put" && $2 ~ "^/etc/apt/(sources.list|preferences).d/" { print $2 }' "$work/changes" >"$work/sources"
  [ -s "$work/sources" ] || return 0
  for kind in sources.list.d preferences.d; do
    mkdir -p "$work/apt/$kind"
    cp -a "/etc/apt/$kind/." "$work/apt/$kind/" 2>/dev/null || :
  done
  while read -r path; do content_of "$path" >"$work/apt/${path#/etc/apt/}"; done <"$work/sources"
}
apt() {
  [ ! -s "$work/sources" ] || set -- -o "Dir::Etc::sourceparts=$work/apt/sources.list.d" -o "Dir::Etc::preferencesparts=$work/apt/preferences.d" "$@"
  apt-get "$@"
}
quiet() { "$@" </dev/null >/dev/null 2>&1; }
stage() {
  discard
  mkdir "$home/staging" "$home/staging/old"
  mark=garrison-$(od -An -N 6 -t x1 /dev/urandom | tr -d ' \n')
  echo "$mark" >"$home/staging/mark"
  echo "$id" >"$home/staging/id"
  cp "$work/changes" "$work/users" "$work/units" "$home/staging/"
  touch "$home/staging/directories" "$home/staging/unsettled"
  to_be_known >"$home/staging/applied"
  [ ! -f "$home/applied" ] || cp -p "$home/applied" "$home/staging/before"
  stage_upgrades
  stage_store
  number=0
  while read -r what path new_mode new_owner _ _ _ _ had; do
    number=$((number + 1))
    step "stage $path"
    if [ -e "$path" ] || [ -L "$path" ]; then cp -a "$path" "$home/staging/old/$number"; fi
    # What was here before us comes back when we no longer want to own the path. An estate's paths are nobody else's.
    [ "$had" = new ] || [ "$scope" != host ] || known "$path" || { mkdir -p "$home/original$(dirname "$path")" && cp -a "$path" "$home/original$path"; }
    new=$(beside "$path" new)
    if [ "$what" = drop ]; then
      [ ! -e "$home/original$path" ] || cp -aT "$home/original$path" "$new"
      continue
    fi
    directories "${path%/*}"
    (set -C; content_of "$path" >"$new")
    # An owner who is made by this very bundle does not exist yet: given when the file is swapped in.
    chmod "$new_mode" "$new"
    by_default "$path" "$new_owner" || chown -h "$new_owner" "$new" 2>/dev/null || grep -q "^make ${new_owner%%:*} " "$work/users" || fail "$path: there is no $new_owner on this machine"
  done <"$work/changes"
  written
}
to_be_known() { grep -E '^(entry|user|cgroup) ' "$work/lines" || :; }
# Root's files are root's without being given to it, but for directories that give theirs to a group.
by_default() { [ "$2" = root:root ] && [ ! -g "${1%/*}" ]; }
# One process reads all that was written.
written() {
  awk -v mark="$mark" '
    FILENAME == ARGV[1] { if ($1 == "entry") sum[$2] = $3; next }
    $1 == "put" { name = $2; sub(/.*\//, "", name); print sum[$2] "  " substr($2, 1, length($2) - length(name)) "." name "." mark "-new" }
  ' "$work/lines" "$work/changes" >"$work/new-sums"
  [ ! -s "$work/new-sums" ] || sha256sum --check --quiet --strict "$work/new-sums" >&2 || fail "not everything could be written; is the disk full?"
}
known() { grep -q "^entry $1 " "$work/known"; }
directories() {
  [ ! -d "$1" ] || return 0
  directories "${1%/*}"
  echo "$1" >>"$home/staging/directories"
  mkdir -m 0755 "$1"
}
# Forgets a stage that never went live. Nothing of it is in effect.
discard() {
  [ -d "$home/staging" ] || return 0
  marked "$home/staging"
  if [ -f "$home/staging/changes" ]; then
    while read -r _ path _; do rm -f "$(beside "$path" new)"; done <"$home/staging/changes"
  fi
  [ ! -f "$home/staging/directories" ] || tac "$home/staging/directories" | while read -r made; do rmdir "$made" 2>/dev/null || :; done
  rm -rf "$home/staging"
}
validate() {
  step "let each program judge its files"
  [ "$scope" = host ] || { validate_rules; return; }
  mkdir -p "$work/view"
  unshare --mount --propagation private sh -euc "$judges" judge "$work" "$home" "$mark" || fail "nothing was changed"
}
# Nothing else of an estate has a checker, and copies of somebody else's /etc and /usr/local could be large.
validate_rules() {
  while read -r what path _ _ check _; do
    [ "$what $check" = "put nft" ] || continue
    need_nft
    said=$(nft -c -f "$(beside "$path" new)" 2>&1) || fail "nft refuses the rules in $path, and nothing was changed: $said"
  done <"$work/changes"
}
