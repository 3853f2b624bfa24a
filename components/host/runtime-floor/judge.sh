# Says which version of each program this machine has, whether it has the fixes that the floors ask for, and which
# security updates wait. POSIX shell with what Debian and Ubuntu have; versions are compared by dpkg itself.
#
# Answers with one line of words for each program and update, or with JSON. `record` writes down when an update was
# first seen waiting, which nothing else on a machine remembers.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mode=${1:-words}
seen=/var/lib/garrison/host/updates-seen
command -v dpkg >/dev/null || { echo 'garrison: without dpkg no version can be judged' >&2; exit 69; }
at_least() { dpkg --compare-versions "$1" ge "$2"; }
# 5:27.1.1-1~debian.12~bookworm is 27.1.1; 0.0~20240729.0-4 is 20240729.0.
upstream() { printf '%s\n' "$1" | sed -e 's/^[0-9]*://' -e 's/-[^-]*$//' -e 's/^0\.0~//' -e 's/[+~].*//'; }
installed() { dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p'; }
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p'; }
# What a program says of itself, where no package knows or the package carries it under another number.
told() {
  case $1 in
    kernel) uname -v | sed -n 's/.* Debian \([^ ]*\).*/\1/p' ;;
    docker) dockerd --version ;;
    containerd) containerd --version ;;
    runc) runc --version ;;
    incus) incusd --version ;;
    gvisor) runsc --version ;;
  esac 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+[^ ,]*' | head -n 1
}
find_version() {
  package=''
  version=''
  if [ "$1" = kernel ]; then
    package=linux-image-$(uname -r)
    version=$(told kernel)
    [ -n "$version" ] || version=$(uname -r)
    return
  fi
  for package in $2; do
    version=$(installed "$package")
    [ -z "$version" ] || break
  done
  [ -n "$version" ] || package=
  if [ -z "$version" ] || { [ "$1" = runc ] && [ "$package" = containerd.io ]; }; then version=$(told "$1"); fi
}
# By the line that it belongs to; a line that nobody named is good when it is newer than all.
has_fix() {
  number=$(upstream "$1")
  newest=''
  for fixed in $2; do
    newest=$fixed
    case $number in
      "${fixed%.*}".*) at_least "$number" "$fixed"; return ;;
    esac
  done
  at_least "$number" "$newest"
}
has_backport() {
  for backport in $2; do
    [ "${1%-*}" != "${backport%-*}" ] || { at_least "$1" "$backport"; return; }
  done
  return 1
}
# A distribution that mends a version of its own names what it mended. Debian's next kernel may have the name of the one that
# runs, so what is installed says nothing of that; Ubuntu's has another with each upload.
names_fixes() {
  log=/usr/share/doc/$2/changelog.Debian.gz
  [ "$1" != kernel ] || [ -z "$(told kernel)" ] || return 1
  [ -n "$2" ] && [ -n "$3" ] && [ -r "$log" ] || return 1
  for cve in $3; do zcat "$log" | grep -qF "$cve" || return 1; done
}
way_on() {
  offered=''
  [ -z "$package" ] || offered=$(candidate "$package")
  if [ "$1" = kernel ]; then
    echo "apt-get update && apt-get full-upgrade, then reboot"
  elif [ -n "$offered" ] && [ "$offered" != "$version" ] && at_least "$offered" "$version"; then
    echo "apt-get install --only-upgrade $package"
  else
    printf '%s\n' "$2"
  fi
}
judge() {
  find_version "$1" "$3"
  next=''
  if [ -z "$version" ]; then
    verdict=absent
  elif has_fix "$version" "$2" || has_backport "$version" "$4" || names_fixes "$1" "$package" "$5"; then
    verdict=good
  else
    verdict=below
    next=$(way_on "$1" "$7")
  fi
  show_program "$1" "$version" "$verdict" "$5" "$6" "$next"
}
# Security updates of what runs containers: nothing installs them by itself. Lines of package, installed, offered.
waiting() {
  dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 'docker*' 'containerd*' runc runsc 'incus*' 'linux-image-*' 2>/dev/null |
    sed -n 's/^ii *//p' | sort -u | xargs -r apt-cache policy 2>/dev/null | awk '
      /^[^ ]/ { package = $1; sub(":$", "", package) }
      $1 == "Installed:" { has = $2 }
      $1 == "Candidate:" { offered = $2 }
      /^ ([*][*][*]|   ) [^ ]/ { version = $1 == "***" ? $2 : $1 }
      /^        / && /-security/ && version == offered && offered != has && !told[package]++ { print package, has, offered }
    '
}
first_seen() { awk -v package="$1" -v version="$2" '$1 == package && $2 == version { print $3; exit }' "$seen" 2>/dev/null; }
record() {
  today=$(date -u +%F)
  fresh=$(mktemp "$seen.XXXXXX") || return 1
  waiting | while read -r package _ version; do
    since=$(first_seen "$package" "$version")
    echo "$package $version ${since:-$today}"
  done >"$fresh"
  mv -fT "$fresh" "$seen"
}
updates() {
  waiting | while read -r package old new; do
    since=$(first_seen "$package" "$new")
    show_update "$package" "$old" "$new" "${since:-today}" "apt-get install --only-upgrade $package"
  done
}
show_program() {
  if [ "$mode" = --json ]; then
    printf '{"program":"%s","version":"%s","verdict":"%s","cves":"%s","why":"%s","next":"%s"}\n' "$@"
  else
    case $3 in
      good) echo "$1 $2 has the fixes that are asked for" ;;
      below) echo "$1 $2 is not known to have the fix of ${4:-what is asked for}: $5; next: $6" ;;
    esac
  fi
}
show_update() {
  if [ "$mode" = --json ]; then
    printf '{"update":"%s","installed":"%s","offered":"%s","since":"%s","next":"%s"}\n' "$@"
  else
    echo "a security update waits since $4: $1 $2 -> $3; next: $5"
  fi
}
# A line of floors: program|fixed|packages|backports|cves|why|otherwise
judge_all() {
  printf '%s\n' "$1" | while IFS='|' read -r program fixed packages backports cves why otherwise; do
    judge "$program" "$fixed" "$packages" "$backports" "$cves" "$why" "$otherwise" </dev/null
  done
}
# main <floors>
main() {
  [ "$mode" != record ] || record
  judge_all "$1"
  updates
}
