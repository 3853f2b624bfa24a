# Loads an estate's rules and prints a fingerprint of what the kernel then has, or takes them away. Where there is systemd,
# they are loaded again at every start of the machine, before Docker's.
. ./load.sh
. ../host/boot-unit.sh
mode=$1
# Read back: what `npm run up` compares later, without the counters. Another version of nft may print it otherwise.
fingerprint() { echo "$(nft --version | cut -d ' ' -f 2) $(nft -s list table inet "$1" | sha256sum | cut -d ' ' -f 1)"; }
unload() {
  nft list table inet "$1" >/dev/null 2>&1 || return 0
  nft delete table inet "$1"
}
# firewall <table> <rules> <unit> <file of the unit> <what the unit runs>
firewall() {
  boot_unit "$3" "$4" "$5"
  if [ "$mode" = apply ]; then
    load "$1" "$2"
    fingerprint "$1"
  else
    unload "$1"
  fi
}
