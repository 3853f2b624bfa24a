import { entry } from "../bundle.ts";
import type { BundleEntry } from "../bundle.ts";
import { sshPort } from "../host-spec.ts";
import type { HostSpec, OpenPort } from "../host-spec.ts";

/** Table of what the machine itself takes in. One file a table, named like it: the program deletes a table by its file. */
const HOST_TABLE = "garrison-host";
/** Tables of this directory are loaded at a start of a machine that Garrison configures. */
export const RULES_DIRECTORY = "/etc/garrison/rules.d";

/**
 * Rules in a table of our own. Nothing of Docker's or of anybody else's is touched: a packet has to get past each table
 * by itself, and a drop in ours is final. The table of an estate is `HostFirewall`'s.
 */
export function hostRules(spec: HostSpec): BundleEntry[] {
  const rest = { check: "nft", guarded: true, actions: ["2:rules"], mode: "600" } as const;
  return [
    entry(`${RULES_DIRECTORY}/${HOST_TABLE}.nft`, machineRules(spec), rest),
    entry("/etc/garrison/rules.nft", `include "${RULES_DIRECTORY}/*.nft"\n`, { mode: "600", check: "none" }),
  ];
}

/** Ports of the machine that are open, its own sshd first. */
function openPorts(spec: HostSpec): OpenPort[] {
  const { operatorsFrom, deployerFrom } = spec.access;
  const from = [...new Set([...operatorsFrom, ...deployerFrom])].sort();
  return [{ port: sshPort(spec), protocol: "tcp", from, why: "operators and deployments" }, ...spec.firewall.open];
}

/**
 * Who on the LAN says that he is the router is not heard: the kernel's accept_ra of `all` holds for no interface that is
 * there already, and systemd-networkd reads advertisements by itself. A machine's own accept_ra lets them in.
 */
function routers({ sysctl = {} }: HostSpec): string {
  const heard = Object.entries(sysctl).some(
    ([key, value]) => /^net\.ipv6\.conf\..+\.accept_ra$/.test(key) && value.trim() !== "0",
  );
  return heard ? "" : "    icmpv6 type { nd-router-advert, nd-redirect } drop\n";
}

function machineRules(spec: HostSpec): string {
  const estates = spec.firewall.estates ?? [];
  const bridges = estates.map((estate) => `    iifname "${estate}-*" accept`);
  const behind = estates.map((estate) => `    oifname "${estate}-*" accept`);
  const ports = openPorts(spec).flatMap(({ port, protocol, from, why }) => [
    `    # ${why}`,
    `    ip saddr { ${[...from].sort().join(", ")} } ${protocol} dport ${String(port)} accept`,
  ]);
  return `# Made by Garrison; replaced as a whole, so a change by hand does not stay.
table inet ${HOST_TABLE}
delete table inet ${HOST_TABLE}
table inet ${HOST_TABLE} {
  chain input {
    type filter hook input priority filter - 5; policy drop;
    iifname "lo" accept
    # A way in that is open stays open; a timer undoes a mistake before it matters.
    ct state established,related accept
    ct state invalid drop
    # Without these an address is lost (DHCP), and with it the machine; and large packets and IPv6 stop working.
    udp sport 67 udp dport 68 accept
    icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept
${routers(spec)}    meta l4proto ipv6-icmp accept
    # The estate's bridges: their own table has judged them before, and its drop was final.
${[...bridges, ...ports].join("\n")}
    counter
  }

  # A published port passes by here and not by input. What somebody starts by hand is open to the machine alone, wherever
  # he publishes it; the estates' own tables say what of theirs is open.
  chain forward {
    type filter hook forward priority filter - 5; policy accept;
    ct state established,related accept
${[...behind, '    meta oifkind "bridge" meta iifkind != "bridge" counter drop'].join("\n")}
  }
}
`;
}
