import { areInternet, covers, isAnybodysService, isInternet, isPublicBlock, isWithin } from "./addresses.ts";
import { isText } from "./azure-resources.ts";
import type { PortRange } from "./ports.ts";
import {
  ADMINISTRATION,
  ALL_PORTS,
  countPorts,
  describePorts,
  hasPort,
  portRangesOf,
  SERVICES,
  UDP_SERVICES,
  withoutPorts,
} from "./ports.ts";
import type { Properties } from "./properties.ts";

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
  readonly sourcePorts: readonly PortRange[];
  readonly ports: readonly PortRange[];
  readonly destinations: readonly string[];
  /** Whether something beside its sources is not known before the update. */
  readonly uncertain: boolean;
  /** Whether it may turn out to refuse what is not seen yet. */
  readonly mayRefuse: boolean;
}

/** Ports of a rule that are open to a source. */
export interface Opening {
  /** A source, or where a list of them begins that adds up to the internet. */
  readonly path: string;
  /** As a person should read it. */
  readonly source: string;
  /** For instance `port 22 (SSH)`. */
  readonly what: string;
  /** Whether it gives machines away, and not only what a service keeps. */
  readonly grave: boolean;
}

// A range of half of all ports was not drawn around a service.
const MANY = 32_768;

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
  const sources = rule.sources.filter(({ value }) => !isWithin(value, administrators));
  const left = new Map<string, readonly PortRange[]>();
  const leftTo = (source: string): readonly PortRange[] => {
    const known = left.get(source);
    if (known !== undefined) return known;
    const open = group
      .filter((other) => shuts(other, rule, source))
      .reduce((ports, other) => withoutPorts(ports, other.ports), rule.ports);
    left.set(source, open);
    return open;
  };
  const opening = (path: string, source: string, found: Found | undefined): Opening[] =>
    found === undefined ? [] : [{ path, source, ...found }];
  const single = sources.flatMap(({ value, path }) => {
    if (isInternet(value)) return opening(path, value, openToAll(leftTo(value), rule.protocol));
    if (isAnybodysService(value)) return opening(path, value, administration(leftTo(value), rule.protocol));
    const isStranger = administrators.length > 0 && rule.protocol !== "udp" && isPublicBlock(value);
    return isStranger && hasPort(leftTo(value), 22) ? opening(path, value, SSH) : [];
  });
  const small = sources.filter(({ value }) => !isInternet(value));
  const [first] = small;
  if (single.some(({ grave }) => grave) || first === undefined || !areInternet(small.map(({ value }) => value)))
    return single;
  const text = `${String(small.length)} blocks that add up to much of the internet`;
  return [...single, ...opening(first.path, text, openToAll(leftTo("*"), rule.protocol))];
}

type Found = Pick<Opening, "what" | "grave">;

const SSH: Found = { what: "port 22 (SSH)", grave: true };

function openToAll(open: readonly PortRange[], protocol: string): Found | undefined {
  const size = countPorts(open);
  if (size >= MANY) return { what: size > ALL_PORTS[1] ? "every port" : `${String(size)} ports`, grave: true };
  const services = [
    protocol === "udp" ? undefined : describePorts(open, SERVICES),
    protocol === "tcp" ? undefined : describePorts(open.filter(isNoMedia), UDP_SERVICES),
  ].find((one) => one !== undefined);
  return administration(open, protocol) ?? (services === undefined ? undefined : { what: services, grave: false });
}

/** Calls and games take thousands of high ports over UDP at once. */
function isNoMedia([first, last]: PortRange): boolean {
  return first < 1024 || last - first < 1000;
}

function administration(open: readonly PortRange[], protocol: string): Found | undefined {
  const what = protocol === "udp" ? undefined : describePorts(open, ADMINISTRATION);
  return what === undefined ? undefined : { what, grave: true };
}

/** Whether a refusal comes before a rule and covers it, ports aside. */
function shuts(refusal: SecurityRule, rule: SecurityRule, source: string): boolean {
  if (refusal.allows || !refusal.inbound || refusal.priority >= rule.priority) return false;
  if (refusal.protocol !== "*" && refusal.protocol !== rule.protocol && !refusesTcp(refusal, rule)) return false;
  if (withoutPorts([ALL_PORTS], refusal.sourcePorts).length > 0) return false;
  if (!rule.destinations.every((one) => covers(refusal.destinations, one))) return false;
  return covers(
    refusal.sources.map(({ value }) => value),
    source,
  );
}

/** The ports that matter are TCP's: a refusal of TCP shuts them in a rule for all protocols. */
function refusesTcp(refusal: SecurityRule, rule: SecurityRule): boolean {
  return refusal.protocol === "tcp" && rule.protocol === "*";
}

/** The sources; a rule without any is for everybody, one for application security groups is for machines of ours. */
function sourcesOf(rule: Properties): readonly Source[] {
  const given = both(rule, "sourceAddressPrefix", "sourceAddressPrefixes").flatMap(({ value, path }) =>
    value.split(",").flatMap((one) => (one.trim() === "" ? [] : [{ value: one.trim(), path }])),
  );
  if (given.length > 0 || groupIds(rule, "sourceApplicationSecurityGroups").length > 0) return given;
  if (isAnyUnknown(rule, SOURCES)) return [];
  return [{ value: "*", path: rule.path("sourceAddressPrefix") }];
}

function portsOf(rule: Properties, one: string, many: string): readonly PortRange[] {
  const given = both(rule, one, many).map(({ value }) => value);
  return given.length === 0 ? [ALL_PORTS] : portRangesOf(given);
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
