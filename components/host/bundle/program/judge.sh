# Lets each program judge what is new. Runs where mounts are its own; they vanish with it, however it ends.
#
# usage: sh -euc <this> judge <work> <home> <mark>
work=$1
home=$2
mark=$3
mount -t tmpfs -o mode=0755,size=512m tmpfs "$work/view"
for root in /etc /usr/local; do
  mkdir -p "$work/view$root"
  cp -a "$root/." "$work/view$root/"
done
while read -r what path _; do
  new=${path%/*}/.${path##*/}.$mark-new
  if [ -e "$new" ]; then
    [ -d "$work/view${path%/*}" ] || mkdir -p "$work/view${path%/*}"
    cp -p --remove-destination "$new" "$work/view$path"
  else
    rm -f "$work/view$path"
  fi
done <"$work/changes"
# Copied with the rest; some programs read every file of a directory.
find "$work/view" -name ".*.$mark-new" -delete
for root in /etc /usr/local; do mount --bind "$work/view$root" "$root"; done
bad=0
judge() {
  name=$1
  shift
  if ! command -v "$1" >/dev/null; then
    printf 'garrison: %s cannot be judged: %s is not installed\n' "$name" "$1" >&2
    bad=1
  elif ! said=$("$@" </dev/null 2>&1); then
    printf 'garrison: %s is refused by %s:\n%s\n' "$name" "$1" "$said" >&2
    bad=1
  fi
}
unit() {
  # It warns about what it does not know, and says that all is well.
  said=$(systemd-analyze verify --man=no "$1" 2>&1 </dev/null) || :
  said=$(printf '%s\n' "$said" | grep -F -e "$(basename "$1")" -e "$1") || :
  [ -z "$said" ] || { printf 'garrison: %s is refused by systemd-analyze verify:\n%s\n' "$1" "$said" >&2; bad=1; }
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
      printf 'garrison: %s is refused by dockerd:\n%s\n' "$1" "$said" >&2
      bad=1
      ;;
  esac
}
# Its own test reads expressions and does not compile them. A log that a site of this very bundle begins is there once
# nginx has been asked.
jails() {
  ! command -v nginx >/dev/null || nginx -t -q >/dev/null 2>&1 || :
  judge "the configuration of fail2ban" fail2ban-client -t
  for filter in "$work"/view/etc/fail2ban/filter.d/garrison-*.conf; do
    [ ! -e "$filter" ] || judge "/etc/fail2ban/filter.d/${filter##*/}" fail2ban-regex "a line" "$filter"
  done
}
userns() { sed -n 's/.*"userns-remap": *"\([^"]*\)".*/\1/p' "$1" 2>/dev/null || :; }
remap() {
  data=/var/lib/docker
  [ -n "$(find "$data/containers" "$data/volumes" -mindepth 1 -maxdepth 1 ! -name metadata.db ! -name backingFsBlockDev 2>/dev/null)" ] || [ -n "$(ls -d "$data"/[0-9]*.[0-9]* 2>/dev/null)" ] || return 0
  before=
  number=0
  while read -r _ path _; do
    number=$((number + 1))
    [ "$path" != "$1" ] || before=$home/staging/old/$number
  done <"$work/changes"
  [ "$(userns "$before")" != "$(userns "$1")" ] || return 0
  cat >&2 <<END
garrison: $1 changes userns-remap from "$(userns "$before")" to "$(userns "$1")", and this machine's Docker already holds data.
  The daemon would start with an empty data directory, and containers would find files of other users.
  To move: 1. back the volumes up   2. docker stop every container   3. systemctl stop docker docker.socket
  4. mv $data $data.before   5. apply again   6. restore the volumes   7. deploy the containers   8. rm -r $data.before
END
  bad=1
}
# A part of a unit is judged with the unit that the distribution has.
whole() {
  case $1 in
    *.d/*.conf)
      name=${1%.d/*}
      for directory in /etc /usr/local/lib /usr/lib; do
        [ ! -e "$directory/systemd/system/${name##*/}" ] || { echo "$directory/systemd/system/${name##*/}"; return 0; }
      done
      echo "$1"
      ;;
    *) echo "$1" ;;
  esac
}
cut -d ' ' -f 1,2,5 "$work/changes" | while read -r what path check; do
  case $check in unit:*) path=$(whole "$path") ;; esac
  echo "$check $what $path"
done | sort -u >"$work/checks"
# All units by one process; one by one only to say which are refused, and why.
units_pass() {
  awk '$1 ~ /^unit:/ && $2 == "put" { print $1, $3 }' "$work/checks" >"$work/judged"
  [ -s "$work/judged" ] || return 0
  sed -e 's/^[^ ]* //' -e 'p; s/.*\///' "$work/judged" >"$work/names"
  ! cut -d ' ' -f 2 "$work/judged" | xargs -d '\n' systemd-analyze verify --man=no 2>&1 | grep -q -F -f "$work/names" || return 1
  for limit in $(cut -d ' ' -f 1 "$work/judged" | uniq); do
    sed -n "s/^$limit \(.*\.service\)$/\1/p" "$work/judged" >"$work/services"
    xargs -r -d '\n' -a "$work/services" systemd-analyze security --offline=true --no-pager --threshold="${limit#unit:}" >/dev/null 2>&1 || return 1
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
    fail2ban) jails ;;
    chrony) judge "the configuration of chrony" chronyd -p -f /etc/chrony/chrony.conf ;;
    apt) judge "the configuration of apt" apt-config dump ;;
    nft) judge "$path" nft -c -f "$work/view$path" ;;
    sudoers) judge "$path" visudo -c -f "$work/view$path" ;;
    dockerd) daemon "$path"; remap "$path" ;;
    sh) judge "$path" sh -n "$work/view$path" ;;
    unit:*) [ "$units" = fine ] || unit "$path" "${check#unit:}" ;;
  esac
done <"$work/checks"
[ "$bad" = 0 ]
