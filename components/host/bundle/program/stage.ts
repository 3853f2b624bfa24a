/**
 * Puts everything that is new beside its place and lets each program judge it, before anything is in effect. Checkers
 * read whole directories, so they are shown the future: a copy of the directories with the changes in it, mounted over
 * them where only the checkers see it.
 */
export const STAGE = `
packages() {
  [ -s "$work/packages" ] || return 0
  step "install $(paste -sd ' ' "$work/packages")"
  sources
  # Another one may be at work: the machine's own updates at night.
  set -- $from install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 $(cat "$work/packages")
  [ -n "$from" ] || ! quiet apt-get "$@" || return 0
  # A machine that was just installed has no package lists yet, or old ones.
  quiet apt-get $from update -q || :
  apt-get "$@" </dev/null >&2 || fail "packages could not be installed, and nothing else was changed; look at the package mirror and apply again"
}
# A package source of this very bundle is needed before its files are in effect: apt is shown them beside the machine's own.
sources() {
  from=
  awk '$1 == "put" && $2 ~ "^/etc/apt/(sources.list|preferences).d/" { print $2 }' "$work/changes" >"$work/sources"
  [ -s "$work/sources" ] || return 0
  for kind in sources.list.d preferences.d; do
    mkdir -p "$work/apt/$kind"
    cp -a "/etc/apt/$kind/." "$work/apt/$kind/" 2>/dev/null || :
  done
  while read -r path; do content_of "$path" >"$work/apt/\${path#/etc/apt/}"; done <"$work/sources"
  from="-o Dir::Etc::sourceparts=$work/apt/sources.list.d -o Dir::Etc::preferencesparts=$work/apt/preferences.d"
}
quiet() { "$@" </dev/null >/dev/null 2>&1; }
stage() {
  discard
  mkdir "$home/staging" "$home/staging/old"
  echo "$id" >"$home/staging/id"
  cp "$work/changes" "$work/users" "$work/units" "$home/staging/"
  touch "$home/staging/directories" "$home/staging/unsettled"
  cut -d ' ' -f 1-9 "$work/manifest" | grep -E '^(entry|user) ' >"$home/staging/applied" || :
  [ ! -f "$home/applied" ] || cp -p "$home/applied" "$home/staging/before"
  number=0
  while read -r what path new_mode new_owner check guard secrecy actions had; do
    number=$((number + 1))
    step "stage $path"
    [ ! -e "$path" ] && [ ! -L "$path" ] || cp -a "$path" "$home/staging/old/$number"
    # What was here before us comes back when we no longer want to own the path.
    [ "$had" = new ] || known "$path" || { mkdir -p "$home/original$(dirname "$path")" && cp -a "$path" "$home/original$path"; }
    new=$(beside "$path" new)
    if [ "$what" = drop ]; then
      [ ! -e "$home/original$path" ] || cp -a "$home/original$path" "$new"
      continue
    fi
    directories "\${path%/*}"
    content_of "$path" >"$new"
    # An owner who is made by this very bundle does not exist yet: given when the file is swapped in.
    chmod "$new_mode" "$new"
    by_default "$path" "$new_owner" || chown "$new_owner" "$new" 2>/dev/null || grep -q "^make \${new_owner%%:*} " "$work/users" || fail "$path: there is no $new_owner on this machine"
  done <"$work/changes"
  written
}
# Root's files are root's without being given to it, but for directories that give theirs to a group.
by_default() { [ "$2" = root:root ] && [ ! -g "\${1%/*}" ]; }
# One process reads all that was written.
written() {
  awk '
    FILENAME == ARGV[1] { if ($1 == "entry") sum[$2] = $3; next }
    $1 == "put" { name = $2; sub(/.*\\//, "", name); print sum[$2] "  " substr($2, 1, length($2) - length(name)) "." name ".garrison-new" }
  ' "$work/lines" "$work/changes" >"$work/new-sums"
  [ ! -s "$work/new-sums" ] || sha256sum --check --quiet --strict "$work/new-sums" >&2 || fail "not everything could be written; is the disk full?"
}
known() { grep -q "^entry $1 " "$work/known"; }
directories() {
  [ ! -d "$1" ] || return 0
  directories "\${1%/*}"
  echo "$1" >>"$home/staging/directories"
  mkdir -m 0755 "$1"
}
# Forgets a stage that never went live. Nothing of it is in effect.
discard() {
  [ -d "$home/staging" ] || return 0
  if [ -f "$home/staging/changes" ]; then
    while read -r _ path _; do rm -f "$(beside "$path" new)"; done <"$home/staging/changes"
  fi
  [ ! -f "$home/staging/directories" ] || tac "$home/staging/directories" | while read -r made; do rmdir "$made" 2>/dev/null || :; done
  rm -rf "$home/staging"
}
validate() {
  step "let each program judge its files"
  mkdir -p "$work/view"
  export work home
  unshare --mount --propagation private sh -euc "$JUDGE" || fail "nothing was changed"
}
`;

/** Runs where mounts are its own; they vanish with it, however it ends. */
export const JUDGE = `JUDGE=$(cat <<'END_OF_JUDGE'
mount -t tmpfs -o mode=0755,size=512m tmpfs "$work/view"
for root in /etc /usr/local; do
  mkdir -p "$work/view$root"
  cp -a "$root/." "$work/view$root/"
done
while read -r what path _; do
  new=\${path%/*}/.\${path##*/}.garrison-new
  if [ -e "$new" ]; then
    [ -d "$work/view\${path%/*}" ] || mkdir -p "$work/view\${path%/*}"
    cp -p --remove-destination "$new" "$work/view$path"
  else
    rm -f "$work/view$path"
  fi
done <"$work/changes"
# Copied with the rest; some programs read every file of a directory.
find "$work/view" -name '.*.garrison-new' -delete
for root in /etc /usr/local; do mount --bind "$work/view$root" "$root"; done
bad=0
judge() {
  name=$1
  shift
  if ! command -v "$1" >/dev/null; then
    printf 'garrison: %s cannot be judged: %s is not installed\\n' "$name" "$1" >&2
    bad=1
  elif ! said=$("$@" </dev/null 2>&1); then
    printf 'garrison: %s is refused by %s:\\n%s\\n' "$name" "$1" "$said" >&2
    bad=1
  fi
}
unit() {
  # It warns about what it does not know, and says that all is well.
  said=$(systemd-analyze verify --man=no "$1" 2>&1 </dev/null) || :
  said=$(printf '%s\\n' "$said" | grep -F -e "$(basename "$1")" -e "$1") || :
  [ -z "$said" ] || { printf 'garrison: %s is refused by systemd-analyze verify:\\n%s\\n' "$1" "$said" >&2; bad=1; }
  case $1 in *.service) judge "$1 (more exposed than $2 of 100)" systemd-analyze security --offline=true --no-pager --threshold="$2" "$1" ;; esac
}
# Daemons before 23 have no --validate: they read the file first, and then find no place for their number.
daemon() {
  judge "$1" dockerd --help
  if dockerd --help 2>&1 | grep -q -e --validate; then
    judge "$1" dockerd --validate --config-file "$work/view$1"
    return 0
  fi
  said=$(timeout 20 dockerd --config-file "$work/view$1" --data-root "$work/view/daemon" --exec-root "$work/view/daemon" --pidfile /proc/none/pid 2>&1 </dev/null) || :
  case $said in
    *"unable to configure the Docker daemon"*)
      printf 'garrison: %s is refused by dockerd:\\n%s\\n' "$1" "$said" >&2
      bad=1
      ;;
  esac
}
userns() { sed -n 's/.*"userns-remap": *"\\([^"]*\\)".*/\\1/p' "$1" 2>/dev/null || :; }
remap() {
  data=/var/lib/docker
  [ -n "$(ls -A "$data/containers" "$data/volumes" 2>/dev/null | grep -v -e : -e '^$' -e metadata.db -e backingFsBlockDev)" ] || [ -n "$(ls -d "$data"/[0-9]*.[0-9]* 2>/dev/null)" ] || return 0
  before=
  number=0
  while read -r _ path _; do
    number=$((number + 1))
    [ "$path" != "$1" ] || before=$home/staging/old/$number
  done <"$work/changes"
  [ "$(userns "$before")" != "$(userns "$1")" ] || return 0
  cat >&2 <<END
garrison: $1 changes userns-remap from "$(userns "$before")" to "$(userns "$1")", and this machine's Docker already holds data.
  The daemon would start with an empty data directory, and containers would find files of other users. Either keep the value, or
  move: 1. back the volumes up   2. docker stop every container   3. systemctl stop docker docker.socket
  4. mv $data $data.before   5. apply again   6. restore the volumes   7. deploy the containers   8. rm -r $data.before
END
  bad=1
}
cut -d ' ' -f 1,2,5 "$work/changes" | while read -r what path check; do echo "$check $what $path"; done | sort >"$work/checks"
# All units by one process; one by one only to say which are refused, and why.
units_pass() {
  awk '$1 ~ /^unit:/ && $2 == "put" { print $1, $3 }' "$work/checks" >"$work/judged"
  [ -s "$work/judged" ] || return 0
  sed -e 's/^[^ ]* //' -e 'p; s/.*\\///' "$work/judged" >"$work/names"
  ! systemd-analyze verify --man=no $(cut -d ' ' -f 2 "$work/judged") 2>&1 </dev/null | grep -q -F -f "$work/names" || return 1
  for limit in $(cut -d ' ' -f 1 "$work/judged" | uniq); do
    services=$(sed -n "s/^$limit \\(.*\\.service\\)$/\\1/p" "$work/judged")
    [ -z "$services" ] || systemd-analyze security --offline=true --no-pager --threshold="\${limit#unit:}" $services </dev/null >/dev/null 2>&1 || return 1
  done
}
units_pass && units=fine || units=
last=
while read -r check what path; do
  case $check in
    # These read their whole directory, however many files of it changed.
    sshd | nginx | fail2ban | chrony | apt) [ "$check" != "$last" ] || continue ;;
    none) continue ;;
    *) [ "$what" != drop ] || continue ;;
  esac
  last=$check
  case $check in
    sshd) mkdir -p /run/sshd; judge "the configuration of sshd" sshd -t ;;
    nginx) judge "the configuration of nginx" nginx -t -q ;;
    fail2ban) judge "the configuration of fail2ban" fail2ban-client -t ;;
    chrony) judge "the configuration of chrony" chronyd -p -f /etc/chrony/chrony.conf ;;
    apt) judge "the configuration of apt" apt-config dump ;;
    nft) judge "$path" nft -c -f "$work/view$path" ;;
    sudoers) judge "$path" visudo -c -f "$work/view$path" ;;
    dockerd) daemon "$path"; remap "$path" ;;
    sh) judge "$path" sh -n "$work/view$path" ;;
    unit:*) [ "$units" = fine ] || unit "$path" "\${check#unit:}" ;;
  esac
done <"$work/checks"
[ "$bad" = 0 ]
END_OF_JUDGE
)
`;
