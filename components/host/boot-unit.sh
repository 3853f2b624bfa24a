# Installs a unit that runs a script at every start and enables it, or takes it away again, as $mode (apply or remove)
# says. It is not started here. On a machine without systemd nothing is done.
. ./root-files.sh
boot_file() {
  [ -f "$1" ] && printf '%s\n' "$3" | cmp -s - "$1" && return 0
  printf '%s\n' "$3" | root_file "$1" "$2"
  boot_changed=yes
}
# boot_unit <name> <unit file> <script>
boot_unit() {
  [ -d /run/systemd/system ] || return 0
  boot_changed=no
  if [ "$mode" = remove ]; then
    [ -e "/etc/systemd/system/$1.service" ] || return 0
    systemctl --quiet disable "$1.service"
    rm -f "/etc/systemd/system/$1.service" "/usr/local/lib/garrison/$1"
    systemctl daemon-reload
    return 0
  fi
  boot_file "/usr/local/lib/garrison/$1" 0700 "$3"
  boot_file "/etc/systemd/system/$1.service" 0644 "$2"
  [ "$boot_changed" = no ] || systemctl daemon-reload
  systemctl --quiet is-enabled "$1.service" || systemctl --quiet enable "$1.service"
}
