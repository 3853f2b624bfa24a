# Root writes only where nobody else can make a name. In somebody's directory any name can have become a link to something
# else by the time it is written to, however it was looked at before.

# others_on <directory>...: what on the way to them, links included, is not root's alone: path, mode, owner. What is not
# there yet is nobody's. What a link leads to stands further to the right, from where the link lies; behind it goes on from
# where it led.
others_on() {
  namei -l "$@" 2>/dev/null | awk -v asked=$# '
    $1 == "f:" { asked--; depth = 0; start = 1; next }
    $1 !~ /^[-bcdlps][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]/ { next }
    {
      if (start) { match($0, /^[^ ]+ +[^ ]+ +[^ ]+ +/); column = RLENGTH + 1; start = 0 }
      name = substr($0, column)
      match(name, /^ */)
      if (RLENGTH != depth) at[RLENGTH] = at[depth]
      depth = RLENGTH
      sub(/^ */, "", name)
      sub(/ -> .*/, "", name)
      path = name == "/" ? "/" : at[depth] (at[depth] == "/" ? "" : "/") name
      link = $1 ~ /^l/
      if (!link || name == "/") at[depth] = path
      if ($2 == "root" && (link || $1 !~ /^(.....w|........w)/)) next
      if (!told[path]++) print path, $1, $2 ":" $3
    }
    END { if (asked) print "/", "not", "judged" }
  '
}
only_roots() {
  command -v namei >/dev/null || fail "namei is missing, by which the owners of directories are judged; type: apt-get install util-linux"
  others=$(others_on "$@")
  [ -z "$others" ] || fail "root writes only where nobody else can make names; the files belong somewhere else, or the directories to root alone. Type:
$(printf '%s\n' "$others" | sed 's/^\([^ ]*\) \(.*\)$/  chown -h root:root \1 \&\& chmod go-w \1    # it is \2/')"
}
# root_file <path> <mode>: makes it of what comes in
root_file() {
  only_roots "${1%/*}"
  mkdir -p "${1%/*}"
  fresh=$(mktemp "${1%/*}/.${1##*/}.garrison-XXXXXX")
  cat >"$fresh"
  chmod "$2" "$fresh"
  mv -fT "$fresh" "$1"
}
