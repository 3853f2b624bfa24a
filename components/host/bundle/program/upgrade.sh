# Packages of which the bundle names the release: one that is here in another is exchanged as a part of the change, so that
# it goes back with the rest. What is new comes from the package's own source, which apt verifies; what is here is packed
# again as it lies here, because no source need have it any more. What runs goes on with what it was started with.
#
# Lines of upgrades: package, release, version that is here.
compare_releases() {
  : >"$work/upgrades"
  awk '$1 == "release" { print $2, $3 }' "$work/lines" >"$work/releases"
  while read -r package release; do
    version=$(version_of "$package")
    [ -z "$version" ] || is_of "$release" "$version" || echo "$package $release $version" >>"$work/upgrades"
  done <"$work/releases"
}
# dpkg fills them in.
# shellcheck disable=SC2016
version_of() { dpkg-query -W -f '${db:Status-Abbrev} ${Version}\n' "$1" 2>/dev/null | awk '$1 == "ii" { print $2 }' || :; }
is_of() { case $2 in "$1" | "$1".*) return 0 ;; *) return 1 ;; esac; }
# Before anything is in effect: both packages lie in the journal.
stage_upgrades() {
  cp "$work/upgrades" "$home/staging/upgrades"
  [ -s "$work/upgrades" ] || return 0
  sources
  quiet apt update -q || :
  while read -r package release version; do
    step "fetch $package $release"
    new=$home/staging/packages/$package/new
    mkdir -p "$new" "$home/staging/packages/$package/old"
    (cd "$new" && apt download -q "$package=$release*" </dev/null >&2) || fail "$package $release cannot be had from its package source, and nothing else was changed; $version is here"
    got=$(dpkg-deb --field "$new/"*.deb Version)
    is_of "$release" "$got" || fail "the package source gives $package $got in place of $release; nothing else was changed"
    pack "$package" "$home/staging/packages/$package/old" || fail "$package $version could not be kept for a rollback; nothing else was changed"
  done <"$work/upgrades"
}
# pack <package> <directory>: as it lies here, with its configuration and scripts.
pack() {
  tree=$home/staging/pack
  mkdir -p "$tree/DEBIAN"
  chmod 0755 "$tree" "$tree/DEBIAN"
  dpkg-query --listfiles "$1" | sed -n 's|^/\(..*\)|\1|p' | while read -r path; do [ ! -e "/$path" ] && [ ! -L "/$path" ] || printf '%s\n' "$path"; done |
    tar -C / --no-recursion -T - -cf - | tar -C "$tree" -xf -
  dpkg-query --status "$1" | sed -e '/^Status:/d' -e '/^Conffiles:/,/^[^ ]/{' -e '/^Conffiles:/d' -e '/^ /d' -e '}' >"$tree/DEBIAN/control"
  for script in $(dpkg-query --control-list "$1"); do cp -p "$(dpkg-query --control-path "$1" "$script")" "$tree/DEBIAN/$script"; done
  dpkg-deb -Znone --build "$tree" "$2/$1.deb" >/dev/null
  rm -rf "$tree"
}
# exchange <journal> new|old. A package's scripts may write to files that are ours: gVisor's writes the daemon's anew.
exchange() {
  [ -s "$1/upgrades" ] || return 0
  mkdir "$work/ours"
  awk '$1 == "entry" { print $2 }' "$1/applied" | while read -r path; do [ ! -f "$path" ] || cp -a --parents "$path" "$work/ours"; done
  # A run that was killed may have stopped dpkg in the middle.
  quiet dpkg --configure -a || :
  exchanged=yes
  while read -r package _; do
    deb=$(echo "$1/packages/$package/$2/"*.deb)
    wanted_version=$(dpkg-deb --field "$deb" Version)
    [ "$(version_of "$package")" != "$wanted_version" ] || continue
    step "exchange $package $(version_of "$package") for $wanted_version"
    quiet apt-get install -y -q --no-install-recommends --allow-downgrades -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$deb" || :
    [ "$(version_of "$package")" = "$wanted_version" ] || { say "$package $wanted_version could not be installed"; exchanged=no; }
  done <"$1/upgrades"
  awk '$1 == "entry" { print $2 }' "$1/applied" | while read -r path; do
    [ ! -f "$work/ours$path" ] || cmp -s "$path" "$work/ours$path" || put_back "$work/ours$path" "$path"
  done
  rm -rf "$work/ours"
  [ "$exchanged" = yes ]
}
