import { azureBlock } from "../fabric/places.ts";
import { platformAddresses } from "./addresses.ts";
import type { NetworkFacts } from "../fabric/fabric.ts";
import { azureNames } from "../machines/layout.ts";
import { reachableSpace, resolvePorts } from "./ports.ts";
import type { Port } from "./ports.ts";
import { renderRule, rulesInOrder } from "./security-rules.ts";
import type { Direction } from "./security-rules.ts";

/** What of the host the rules depend on. */
interface HostLinks {
  /** The links of its default routes. */
  readonly outward: readonly string[];
  /** The number of the group in which the cables into lab internets are. */
  readonly cables: number;
}

/** Stands for the group of an interface that has none of its own and none of its subnet's. */
const noGroup = "none";

/** A group by its position among the facts. */
type Group = number | typeof noGroup;

/**
 * The table of all rules, which replaces the former one in one step. What a machine sends is judged before any address
 * is translated and what it receives after all of them are: each end sees the packet as it would in Azure.
 */
export function renderAzureTable(lab: string, facts: NetworkFacts, links: HostLinks): string {
  const { table, bridges } = azureNames(lab);
  const ports = resolvePorts(lab, facts);
  const parts = [
    ...sets(facts, ports),
    ...groupChains(facts, ports),
    ...ports.flatMap(portChains),
    sentChain(bridges, ports),
    ...translateChains(),
    betweenChain(bridges, facts, links),
    ownChain(bridges),
    arrivingChain(bridges, ports),
    hostChain(bridges),
    leavingChain(bridges, links),
  ];
  return `table ip ${table}\ndelete table ip ${table}\ntable ip ${table} {\n${parts.join("\n")}\n}\n`;
}

function sets(facts: NetworkFacts, ports: readonly Port[]): string[] {
  const blocks = "type ipv4_addr; flags interval; auto-merge";
  return [
    ...facts.networks.flatMap((network, index) => [
      block(`set ${ownSet(index)}`, [blocks, ...elements(network.addressSpace)]),
      block(`set ${networkSet(index)}`, [blocks, ...elements(reachableSpace(facts, network))]),
    ]),
    block("set networks", [blocks, ...elements(facts.networks.flatMap(({ addressSpace }) => addressSpace))]),
    block("set gateways", [
      "type ifname . ipv4_addr",
      ...elements([...new Set(ports.map(({ bridge, gateway }) => `"${bridge}" . ${gateway}`))]),
    ]),
    block("set senders", [
      "type ifname . ether_addr . ipv4_addr",
      ...elements(ports.map(({ bridge, mac, address }) => `"${bridge}" . ${mac} . ${address}`)),
    ]),
    block("set addresses", ["type ipv4_addr", ...elements(ports.map(({ address }) => address))]),
    block("map public", [
      "type ipv4_addr : ipv4_addr",
      ...elements(ports.flatMap(({ publicAddress, address }) => pair(publicAddress, address))),
    ]),
    block("map egress", [
      "type ipv4_addr : ipv4_addr",
      ...elements(ports.flatMap(({ address, egress }) => (egress === undefined ? [] : pair(address, egress)))),
    ]),
  ];
}

/** A chain for each group, direction and network: what the tag VirtualNetwork is depends on who is asked. */
function groupChains({ securityGroups }: NetworkFacts, ports: readonly Port[]): string[] {
  const chain = (direction: Direction, group: Group, network: number): string => {
    const rules = group === noGroup ? [] : (securityGroups[group]?.rules ?? []);
    const lines = rulesInOrder(rules, direction).flatMap((rule) => renderRule(rule, networkSet(network)));
    return block(`chain ${groupChain(direction, group, network)}`, lines);
  };
  const chains = ports.flatMap(({ groups, network }) => [
    ...groups.flatMap((group) => [chain("Inbound", group, network), chain("Outbound", group, network)]),
    ...(groups.length === 0 ? [chain("Inbound", noGroup, network)] : []),
  ]);
  return [...new Set(chains)];
}

/** What an interface sends meets its own group first and then its subnet's, what it receives the other way round. */
function portChains(port: Port): string[] {
  const { address, groups, network, egress } = port;
  const outward = groups.toReversed().map((group) => `jump ${groupChain("Outbound", group, network)}`);
  const inward: readonly Group[] = groups.length === 0 ? [noGroup] : groups;
  return [
    block(`chain ${portChain("Outbound", address)}`, [
      ...outward,
      ...(egress === undefined ? [`ip daddr != @${networkSet(network)} counter drop comment "no way out"`] : []),
    ]),
    block(
      `chain ${portChain("Inbound", address)}`,
      inward.map((group) => `jump ${groupChain("Inbound", group, network)}`),
    ),
  ];
}

function sentChain(bridges: string, ports: readonly Port[]): string {
  return block("chain sent", [
    "type filter hook prerouting priority -150; policy accept",
    `iifname != "${bridges}*" accept`,
    "udp sport 68 udp dport 67 accept",
    'iifname . ether saddr . ip saddr != @senders counter drop comment "not its address"',
    `ip daddr { ${Object.values(platformAddresses).join(", ")} } counter drop comment "the platform"`,
    "ct state established,related accept",
    "iifname . ip daddr @gateways meta l4proto { tcp, udp } th dport 53 accept",
    ...dispatch("ip saddr", "Outbound", ports),
  ]);
}

function translateChains(): string[] {
  const translate = "dnat to ip daddr map @public";
  return [
    block("chain translate", ["type nat hook prerouting priority -101; policy accept", translate]),
    block("chain translate_own", ["type nat hook output priority -101; policy accept", translate]),
  ];
}

function betweenChain(bridges: string, { networks }: NetworkFacts, { outward, cables }: HostLinks): string {
  const ways = [`meta oifgroup ${cables}`, ...outward.map((link) => `oifname "${link}"`)];
  return block("chain between", [
    "type filter hook forward priority -5; policy accept",
    `ip daddr ${azureBlock} counter drop comment "nobody's"`,
    `iifname != "${bridges}*" oifname != "${bridges}*" accept`,
    "ct state established,related accept",
    `oifname "${bridges}*" ct status dnat accept`,
    ...networks.map(
      (_, index) =>
        `iifname "${bridges}*" oifname "${bridges}*" ip saddr @${ownSet(index)} ip daddr @${networkSet(index)} accept`,
    ),
    ...ways.map((way) => `iifname "${bridges}*" ip daddr != @networks ${way} accept`),
    "counter drop",
  ]);
}

function ownChain(bridges: string): string {
  return block("chain own", [
    "type filter hook output priority -5; policy accept",
    `ip daddr ${azureBlock} counter drop comment "nobody's"`,
    `oifname != "${bridges}*" accept`,
    "ct state established,related accept",
    "udp sport 67 udp dport 68 accept",
    "ct status dnat accept",
    "counter drop",
  ]);
}

function arrivingChain(bridges: string, ports: readonly Port[]): string {
  return block("chain arriving", [
    "type filter hook postrouting priority 150; policy accept",
    `oifname != "${bridges}*" accept`,
    "ct state established,related accept",
    "udp sport 67 udp dport 68 accept",
    ...dispatch("ip daddr", "Inbound", ports),
  ]);
}

function hostChain(bridges: string): string {
  return block("chain host", [
    "type filter hook input priority -5; policy accept",
    `iifname != "${bridges}*" accept`,
    "ct state established,related accept",
    "udp sport 68 udp dport 67 accept",
    "iifname . ip daddr @gateways meta l4proto { tcp, udp } th dport 53 accept",
    "counter drop",
  ]);
}

/** On the lab's internet a machine is seen under its public address; the real one answers to none but the host's own. */
function leavingChain(bridges: string, { cables }: HostLinks): string {
  const asPublic = "snat to ip saddr map @egress";
  return block("chain leaving", [
    "type nat hook postrouting priority 99; policy accept",
    "ip saddr != @addresses accept",
    `oifname "${bridges}*" ct status dnat ${asPublic}`,
    `oifname "${bridges}*" accept`,
    `meta oifgroup ${cables} ${asPublic}`,
    "masquerade",
  ]);
}

function dispatch(field: string, direction: Direction, ports: readonly Port[]): string[] {
  const jumps = ports.map(({ address }) => `${address} : jump ${portChain(direction, address)}`);
  return jumps.length === 0 ? [] : [`${field} vmap { ${jumps.join(", ")} }`];
}

function block(head: string, lines: readonly string[]): string {
  return [`  ${head} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
}

function elements(values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`elements = { ${values.join(", ")} }`];
}

function pair(key: string | undefined, value: string): string[] {
  return key === undefined ? [] : [`${key} : ${value}`];
}

function ownSet(network: number): string {
  return `own_${network}`;
}

function networkSet(network: number): string {
  return `network_${network}`;
}

function groupChain(direction: Direction, group: Group, network: number): string {
  return `${direction.toLowerCase()}_${group}_of_${network}`;
}

function portChain(direction: Direction, address: string): string {
  return `${direction.toLowerCase()}_${address.replaceAll(".", "_")}`;
}
