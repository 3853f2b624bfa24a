import { refuse } from "../lib/problems.ts";
import type { Problem } from "../lib/problems.ts";
import { host, isBlock, isCidr, parseBlock } from "../network/address.ts";
import { covers, isNearlyEverywhere, overlapping, rangeOf } from "../network/address-set.ts";

/** A virtual network as plain facts. */
export interface AzureNetworkSpec {
  /** Private IPv4 block of /16 to /20. */
  readonly block: string;
  readonly subnets: readonly AzureSubnetSpec[];
  /** Blocks that the network is or will be joined with: must be disjoint. By what they are for. */
  readonly neighbours?: Readonly<Record<string, string>>;
}

export interface AzureSubnetSpec {
  /** Small letters, digits and dashes. */
  readonly name: string;
  /** IPv4 block inside the network's, /29 or larger: Azure keeps five addresses of each. */
  readonly block: string;
  /** What is let in. There is nothing else: not even from the same network. */
  readonly openings: readonly AzureOpening[];
  /** Machines without a public address get out through a NAT gateway. @default false: they do not get out */
  readonly nat?: boolean;
}

/** Something that is let in, and why. */
export interface AzureOpening {
  /** Names the rule: small letters, digits and dashes, unique in its subnet. */
  readonly name: string;
  /** IPv4 addresses and blocks, or `Internet`. */
  readonly from: readonly string[];
  readonly ports: readonly number[];
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** Who comes in. */
  readonly who: string;
  readonly why: string;
}

/** A way in that has to stay open, or nobody could repair what is behind it. */
export interface WayIn {
  readonly subnet: string;
  readonly port: number;
  /** IPv4 addresses and blocks. */
  readonly from: readonly string[];
  readonly who: string;
}

export interface AzureNetworkPlan {
  readonly block: string;
  readonly subnets: readonly PlannedSubnet[];
}

export interface PlannedSubnet {
  readonly name: string;
  readonly block: string;
  readonly nat: boolean;
  readonly rules: readonly PlannedRule[];
}

/** A rule in the words of Azure's security groups. */
export interface PlannedRule {
  readonly name: string;
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "Udp" | "*";
  /** Empty where `everyone` says who. */
  readonly sources: readonly string[];
  readonly everyone?: "Internet" | "*";
  readonly ports: readonly string[];
  readonly description: string;
}

/** Azure's most for the description of a rule. */
const DESCRIPTION = 140;
/** Priorities go from 100 to 4096; gaps leave room for a rule that somebody needs at night. */
const priorityOf = (index: number): number => 100 + index * 10;
const LAST = 4096;

const NAME = /^[a-z][a-z0-9-]{0,40}$/;

/**
 * Works out a network's subnets and the rules in front of them.
 *
 * @param waysIn what must not be locked out
 * @throws ProblemsError with everything that is wrong
 */
export function planAzureNetwork(spec: AzureNetworkSpec, waysIn: readonly WayIn[] = []): AzureNetworkPlan {
  refuse("The Azure network", networkProblems(spec, waysIn));
  return {
    block: spec.block,
    subnets: spec.subnets.map(({ name, block, openings, nat = false }) => ({
      name,
      block,
      nat,
      rules: [...openings.map(allow), REST],
    })),
  };
}

/** The `index`-th address that a machine can have: Azure keeps the first four of a subnet, and the last. */
export function machineAddress(block: string, index = 0): string {
  return host(parseBlock(block), 4 + index);
}

function allow({ name, from, ports, protocol = "tcp", who, why }: AzureOpening, index: number): PlannedRule {
  const everyone = from.includes("Internet");
  return {
    name: `allow-${name}`,
    priority: priorityOf(index),
    access: "Allow",
    protocol: protocol === "tcp" ? "Tcp" : "Udp",
    sources: everyone ? [] : [...from].sort(),
    ...(everyone && { everyone: "Internet" as const }),
    ports: ports.map(String),
    description: `${who}: ${why}`,
  };
}

/** Azure itself lets in whatever is in the network or in one that is joined with it. */
const REST: PlannedRule = {
  name: "deny-rest",
  priority: LAST,
  access: "Deny",
  protocol: "*",
  sources: [],
  everyone: "*",
  ports: ["*"],
  description: "Nothing else, from the same network neither",
};

/** Everything that is wrong with a network, before a resource is declared. */
export function networkProblems(spec: AzureNetworkSpec, waysIn: readonly WayIn[] = []): Problem[] {
  return [
    ...(isBlock(spec.block) ? [] : [wrong("block", spec.block, "a private IPv4 block of /16 to /20")]),
    ...neighbourProblems(spec),
    ...spec.subnets.flatMap((subnet, index) => subnetProblems(spec, subnet, spec.subnets.slice(0, index))),
    ...waysIn.flatMap((way) => lockoutProblems(spec, way)),
  ];
}

function wrong(property: string, found: string, expected: string): Problem {
  return { property, found, expected };
}

function neighbourProblems({ block, neighbours = {} }: AzureNetworkSpec): Problem[] {
  return Object.entries(neighbours).flatMap(([purpose, other]) => {
    if (!isCidr(other)) return [wrong(`neighbours.${purpose}`, other, "an IPv4 block on its own network address")];
    if (!overlapping(block, other)) return [];
    return [wrong("block", block, `no address of ${purpose}, ${other}`)];
  });
}

function subnetProblems(
  spec: AzureNetworkSpec,
  { name, block, openings }: AzureSubnetSpec,
  before: readonly AzureSubnetSpec[],
): Problem[] {
  const property = `subnets.${name}`;
  const found: Problem[] = [];
  if (!NAME.test(name)) found.push(wrong(property, JSON.stringify(name), "small letters, digits and dashes"));
  if (before.some((other) => other.name === name))
    found.push(wrong(property, "the name twice", "one subnet of a name"));
  if (!isCidr(block) || parseBlock(block).prefix > 29) {
    found.push(wrong(`${property}.block`, block, "an IPv4 block on its own network address, /29 or larger"));
  } else {
    if (isCidr(spec.block) && !covers([spec.block], block))
      found.push(wrong(`${property}.block`, block, `a part of the network's ${spec.block}`));
    for (const other of before) {
      if (overlapping(block, other.block))
        found.push(wrong(`${property}.block`, block, `no address of subnet ${other.name}, ${other.block}`));
    }
  }
  return [
    ...found,
    ...openings.flatMap((opening, index) => openingProblems(property, opening, openings.slice(0, index))),
  ];
}

function openingProblems(subnet: string, opening: AzureOpening, before: readonly AzureOpening[]): Problem[] {
  const { name, from, ports, who, why } = opening;
  const property = `${subnet}.openings.${name}`;
  const found: Problem[] = [];
  if (!NAME.test(name)) found.push(wrong(property, JSON.stringify(name), "small letters, digits and dashes"));
  if (before.some((other) => other.name === name))
    found.push(wrong(property, "the name twice", "one opening of a name"));
  if (priorityOf(before.length) >= LAST)
    found.push(wrong(property, `opening number ${String(before.length + 1)}`, "at most 399 in a subnet"));
  if (from.length === 0) found.push(wrong(`${property}.from`, "nobody", "addresses or blocks, or no opening"));
  for (const source of from.filter((one) => one !== "Internet" && rangeOf(one)?.family !== 4))
    found.push(wrong(`${property}.from`, source, "an IPv4 address, a block on its own network address, or Internet"));
  if (from.includes("Internet") && from.length > 1)
    found.push(wrong(`${property}.from`, from.join(", "), "Internet alone, or addresses and blocks"));
  if (everywhere(from) && ports.includes(22))
    found.push(wrong(`${property}.from`, "everybody on the port of ssh", "the addresses that need it"));
  if (ports.length === 0) found.push(wrong(`${property}.ports`, "none", "at least one"));
  for (const port of ports.filter((one) => !Number.isInteger(one) || one < 1 || one > 65_535))
    found.push(wrong(`${property}.ports`, String(port), "1 to 65535"));
  if (who.trim() === "" || why.trim() === "")
    found.push(wrong(property, `who "${who}", why "${why}"`, "who comes in, and why"));
  if (who.length + why.length + 2 > DESCRIPTION)
    found.push(
      wrong(
        property,
        `${String(who.length + why.length + 2)} characters of who and why`,
        `at most ${String(DESCRIPTION)}`,
      ),
    );
  return found;
}

/** Whoever has to get in comes through an opening of the subnet. */
function lockoutProblems({ subnets }: AzureNetworkSpec, { subnet: name, port, from, who }: WayIn): Problem[] {
  const subnet = subnets.find((one) => one.name === name);
  if (subnet === undefined) return [wrong(`subnets.${name}`, "no such subnet", `one through which ${who} gets in`)];
  const open = subnet.openings.filter(({ ports, protocol = "tcp" }) => protocol === "tcp" && ports.includes(port));
  const allowed = open.flatMap((opening) => opening.from);
  return from
    .filter((source) => !allowed.includes("Internet") && !covers(allowed, source))
    .map((source) =>
      wrong(
        `subnets.${name}.openings`,
        `port ${String(port)} closed to ${source}`,
        `an opening for ${who}: nobody could repair the machine`,
      ),
    );
}

/** The internet, in one word or in parts. */
function everywhere(from: readonly string[]): boolean {
  return from.includes("Internet") || isNearlyEverywhere(from);
}
