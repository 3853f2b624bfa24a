# Loads an estate's rules into the kernel.
set -eu
fail() { printf 'garrison: %s\n' "$*" >&2; exit 1; }
command -v nft >/dev/null || PATH=$PATH:/usr/sbin:/sbin
command -v nft >/dev/null || fail "nft is not installed; type: apt-get install nftables"
# Packets between two containers of one bridge pass the rules only where the kernel hands bridged packets over.
bridged() {
  for family in iptables ip6tables; do
    switch=/proc/sys/net/bridge/bridge-nf-call-$family
    [ -e "$switch" ] || modprobe br_netfilter 2>/dev/null || true
    [ -e "$switch" ] || fail "the kernel has no br_netfilter: rules between containers of one network would not hold"
    [ "$(cat "$switch")" = 1 ] || echo 1 >"$switch"
  done
}
# load <table> <rules>
load() {
  bridged
  printf '%s' "$2" | nft -f - || fail "nft refuses the rules of table $1"
}
