import { bootUnit } from "../host/boot-unit.ts";
import { shellQuote } from "../host/shell.ts";
import { renderRules, tableOf } from "./render-rules.ts";
import type { RulesInput } from "./render-rules.ts";

const LOAD = `set -eu
fail() { printf 'garrison: %s\\n' "$*" >&2; exit 1; }
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
load() {
  bridged
  printf '%s' "$2" | nft -f - || fail "nft refuses the rules of table $1"
}
`;

const UNLOAD = `mode=$1
# Read back: what \`npm run up\` compares later, without the counters. Another version of nft may print it otherwise.
fingerprint() { echo "$(nft --version | cut -d ' ' -f 2) $(nft -s list table inet "$1" | sha256sum | cut -d ' ' -f 1)"; }
unload() {
  nft list table inet "$1" >/dev/null 2>&1 || return 0
  nft delete table inet "$1"
}
`;

/**
 * Loads an estate's rules into the host's kernel and prints a fingerprint of what the kernel then has. Where there is
 * systemd, the rules are loaded again at every start of the machine, before Docker's.
 */
export function firewallScript(input: RulesInput): string {
  const table = tableOf(input.estate);
  const load = ["load", table, renderRules(input)].map(shellQuote).join(" ");
  const boot = bootUnit({
    name: `${table}-rules`,
    description: `What the containers of estate ${input.estate} may reach`,
    script: LOAD + load,
  });
  return `${LOAD}${UNLOAD}${boot}
if [ "$mode" = apply ]; then
${load}
fingerprint ${shellQuote(table)}
else
unload ${shellQuote(table)}
fi
`;
}
