import { platformAddresses } from "./addresses.ts";
import type { SecurityGroupFact, SecurityRuleFact } from "../fabric/fabric.ts";

export type Direction = SecurityRuleFact["direction"];

/** Azure's own three in each direction, which every group ends with. */
const defaultRules: Readonly<Record<Direction, readonly SecurityRuleFact[]>> = {
  Inbound: [
    defaultRule("AllowVnetInBound", 65_000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    defaultRule("AllowAzureLoadBalancerInBound", 65_001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    defaultRule("DenyAllInBound", 65_500, "Inbound", "Deny", "*", "*"),
  ],
  Outbound: [
    defaultRule("AllowVnetOutBound", 65_000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    defaultRule("AllowInternetOutBound", 65_001, "Outbound", "Allow", "*", "Internet"),
    defaultRule("DenyAllOutBound", 65_500, "Outbound", "Deny", "*", "*"),
  ],
};

function defaultRule(
  name: string,
  priority: number,
  direction: Direction,
  access: SecurityRuleFact["access"],
  source: string,
  destination: string,
): SecurityRuleFact {
  const anyPort = { sourcePorts: ["*"], destinationPorts: ["*"] };
  return {
    name,
    priority,
    direction,
    access,
    protocol: "*",
    sources: [source],
    destinations: [destination],
    ...anyPort,
  };
}

/** The rules of a group in one direction, the first that matches decides. A group of no rules is what Azure has without one. */
export function rulesInOrder(rules: SecurityGroupFact["rules"], direction: Direction): readonly SecurityRuleFact[] {
  const own = rules.filter((rule) => rule.direction === direction).sort((one, other) => one.priority - other.priority);
  return [...own, ...defaultRules[direction]];
}

/**
 * A rule as lines of nftables. What is allowed returns: the next group on the way has its say.
 *
 * @param network the set of addresses that are the tag VirtualNetwork for who is asked
 */
export function renderRule(rule: SecurityRuleFact, network: string): readonly string[] {
  const verdict = rule.access === "Allow" ? "return" : "drop";
  const comment = `comment "${`${String(rule.priority)} ${rule.name}`.replaceAll(/[^\w .-]/g, "").slice(0, 100)}"`;
  return rule.sources.flatMap((source) =>
    rule.destinations.flatMap((destination) =>
      portMatches(rule).map((ports) =>
        [
          ...addressMatch("saddr", source, network),
          ...addressMatch("daddr", destination, network),
          ...ports,
          "counter",
          verdict,
          comment,
        ].join(" "),
      ),
    ),
  );
}

function addressMatch(field: "saddr" | "daddr", value: string, network: string): readonly string[] {
  switch (value) {
    case "*":
      return [];
    case "VirtualNetwork":
      return [`ip ${field} @${network}`];
    case "Internet":
      return [`ip ${field} != @${network}`, `ip ${field} != ${platformAddresses.wire}`];
    case "AzureLoadBalancer":
      return [`ip ${field} ${platformAddresses.wire}`];
    default:
      return [`ip ${field} ${value}`];
  }
}

/** What has no ports matches no rule that names one. */
function portMatches({ protocol, sourcePorts, destinationPorts }: SecurityRuleFact): readonly (readonly string[])[] {
  if (protocol === "Icmp") return [["meta l4proto icmp"]];
  return sourcePorts.flatMap((source) =>
    destinationPorts.map((destination) => {
      const ports = [...portMatch("sport", source), ...portMatch("dport", destination)];
      if (protocol !== "*") return [`meta l4proto ${protocol.toLowerCase()}`, ...ports];
      return ports.length === 0 ? [] : ["meta l4proto { tcp, udp }", ...ports];
    }),
  );
}

function portMatch(field: "sport" | "dport", value: string): readonly string[] {
  return value === "*" ? [] : [`th ${field} ${value}`];
}
