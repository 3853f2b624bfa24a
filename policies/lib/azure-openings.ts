import { covers, isInternet, isPublicBlock, isWithin } from "./addresses.ts";
import { isText } from "./azure-resources.ts";
import type { Properties } from "./properties.ts";

/** First and last port. */
type Range = readonly [number, number];

interface Source {
  readonly value: string;
  /** Path of the property, also where it is missing. */
  readonly path: string;
}

/** A rule of a network security group. */
export interface SecurityRule {
  readonly priority: number;
  readonly allows: boolean;
  readonly inbound: boolean;
  /** In lower case; `*` for all. */
  readonly protocol: string;
  readonly sources: readonly Source[];
  readonly sourcePorts: readonly Range[];
  readonly ports: readonly Range[];
  readonly destinations: readonly string[];
  /** Whether something beside its sources is not known before the update. */
  readonly uncertain: boolean;
  /** Whether it may turn out to refuse what is not seen yet. */
  readonly mayRefuse: boolean;
}

/** Ports of a rule that are open to a source. */
export interface Opening {
  readonly source: Source;
  /** For instance `port 22 (SSH)`. */
  readonly what: string;
}

const ALL: Range = [0, 65_535];
// A range of half of all ports was not drawn around a service.
const MANY = 32_768;

/** What administers a machine, and gives it away to whoever finds the password or the hole. */
const ADMIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, "SSH"],
  [2375, "Docker"],
  [2376, "Docker"],
  [3389, "RDP"],
  [5985, "WinRM"],
  [5986, "WinRM"],
]);

const SOURCES = ["sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"];
const REST = [
  ...["access", "direction", "priority", "protocol"],
  ...["sourcePortRange", "sourcePortRanges", "destinationPortRange", "destinationPortRanges"],
  ...["destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups"],
];

/** Reads a rule, written inside its group or as a resource. */
export function securityRuleOf(rule: Properties): SecurityRule {
  const targets = [
    ...both(rule, "destinationAddressPrefix", "destinationAddressPrefixes"),
    ...groupIds(rule, "destinationApplicationSecurityGroups"),
  ];
  const uncertain = isAnyUnknown(rule, REST);
  return {
    priority: rule.number("priority") ?? 65_000,
    allows: !isText(rule.text("access"), "Deny"),
    inbound: !isText(rule.text("direction"), "Outbound"),
    protocol: rule.text("protocol")?.trim().toLowerCase() ?? "*",
    sources: sourcesOf(rule),
    sourcePorts: portsOf(rule, "sourcePortRange", "sourcePortRanges"),
    ports: portsOf(rule, "destinationPortRange", "destinationPortRanges"),
    destinations: targets.length === 0 ? ["*"] : targets.map(({ value }) => value.trim().toLowerCase()),
    uncertain,
    mayRefuse: !isText(rule.text("access"), "Allow") && (uncertain || isAnyUnknown(rule, SOURCES)),
  };
}

/**
 * What a rule opens to the internet, given all rules of its group. The lower number decides, so what a refusal before it
 * covers is not open; the group's own last rule refuses the rest.
 * @param administrators blocks that SSH may be open to; where there are some, it may be open to no other public address
 */
export function openingsOf(
  rule: SecurityRule,
  group: readonly SecurityRule[],
  administrators: readonly string[],
): readonly Opening[] {
  if (!rule.allows || !rule.inbound || !["*", "tcp", "udp"].includes(rule.protocol)) return [];
  if (rule.uncertain || group.some(({ mayRefuse }) => mayRefuse)) return [];
  return rule.sources.flatMap((source) => {
    if (isWithin(source.value, administrators)) return [];
    const open = group
      .filter((other) => shuts(other, rule, source.value))
      .reduce((left, { ports }) => without(left, ports), rule.ports);
    const what = isInternet(source.value)
      ? openToAll(open, rule.protocol)
      : openToStrangers(open, rule.protocol, source.value, administrators);
    return what === undefined ? [] : [{ source, what }];
  });
}

function openToAll(open: readonly Range[], protocol: string): string | undefined {
  const size = open.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (size >= MANY) return size > ALL[1] ? "every port" : `${String(size)} ports`;
  if (protocol === "udp") return undefined;
  const found = [...ADMIN_PORTS].filter(([port]) => has(open, port));
  return found.length === 0 ? undefined : found.map(([port, name]) => `port ${String(port)} (${name})`).join(", ");
}

function openToStrangers(
  open: readonly Range[],
  protocol: string,
  source: string,
  administrators: readonly string[],
): string | undefined {
  if (administrators.length === 0 || protocol === "udp" || !isPublicBlock(source)) return undefined;
  return has(open, 22) ? "port 22 (SSH)" : undefined;
}

/** Whether a refusal comes before a rule and covers it, ports aside. */
function shuts(refusal: SecurityRule, rule: SecurityRule, source: string): boolean {
  if (refusal.allows || !refusal.inbound || refusal.priority >= rule.priority) return false;
  if (refusal.protocol !== "*" && refusal.protocol !== rule.protocol && !refusesTcp(refusal, rule)) return false;
  if (without([ALL], refusal.sourcePorts).length > 0) return false;
  if (!rule.destinations.every((one) => refusal.destinations.some((other) => covers(other, one)))) return false;
  return refusal.sources.some((other) => covers(other.value, source));
}

/** The ports that matter are TCP's: a refusal of TCP shuts them in a rule for all protocols. */
function refusesTcp(refusal: SecurityRule, rule: SecurityRule): boolean {
  return refusal.protocol === "tcp" && rule.protocol === "*";
}

function has(ranges: readonly Range[], port: number): boolean {
  return ranges.some(([first, last]) => first <= port && port <= last);
}

function without(ranges: readonly Range[], taken: readonly Range[]): readonly Range[] {
  return taken.reduce<readonly Range[]>(
    (left, [from, to]) =>
      left.flatMap(([first, last]) =>
        to < first || from > last
          ? [[first, last] as const]
          : ([[first, from - 1] as const, [to + 1, last] as const] as const).filter(([a, b]) => a <= b),
      ),
    ranges,
  );
}

/** The sources; a rule without any is for everybody, one for application security groups is for machines of ours. */
function sourcesOf(rule: Properties): readonly Source[] {
  const given = both(rule, "sourceAddressPrefix", "sourceAddressPrefixes").filter(({ value }) => value.trim() !== "");
  if (given.length > 0 || groupIds(rule, "sourceApplicationSecurityGroups").length > 0) return given;
  if (isAnyUnknown(rule, SOURCES)) return [];
  return [{ value: "*", path: rule.path("sourceAddressPrefix") }];
}

function portsOf(rule: Properties, one: string, many: string): readonly Range[] {
  const given = both(rule, one, many).flatMap(({ value }) => value.split(","));
  const ranges = given.flatMap((text): Range[] => {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(text);
    if (match === null) return text.trim() === "*" || /^any$/i.test(text.trim()) ? [ALL] : [];
    return [[Number(match[1]), Number(match[2] ?? match[1])]];
  });
  return given.length === 0 ? [ALL] : merged(ranges);
}

/** The same ports without overlaps, so that they can be counted. */
function merged(ranges: readonly Range[]): readonly Range[] {
  return ranges.reduce<readonly Range[]>((kept, range) => [...kept, ...without([range], kept)], []);
}

function isAnyUnknown(rule: Properties, names: readonly string[]): boolean {
  return names.some((name) => rule.isUnknown(name));
}

function both(rule: Properties, one: string, many: string): readonly Source[] {
  const value = rule.text(one);
  return [...(value === undefined ? [] : [{ value, path: rule.path(one) }]), ...rule.texts(many)];
}

function groupIds(rule: Properties, name: string): readonly Source[] {
  return rule.objects(name).map((group) => ({ value: group.text("id") ?? "", path: group.path("id") }));
}
