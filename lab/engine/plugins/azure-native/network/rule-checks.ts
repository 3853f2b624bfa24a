/** What holds for a security rule, whether it is a resource or listed by its group. Microsoft.Network 2024-05-01, networkSecurityGroup.json. */
import ipaddr from "ipaddr.js";
import { isUnknown } from "@garrison/helpers/pulumi/values.ts";
import type { Problems } from "../core/problems.ts";
import { at, list, number, text, texts } from "../core/values.ts";

/** Those that the lab's links know; Azure has many more. */
const serviceTags = ["AzureLoadBalancer", "Internet", "VirtualNetwork"] as const;

const lowest = 100;
const highest = 4096;
const longestDescription = 140;

/** What a rule can do in Azure and not here. */
export const ruleRefusals = {
  destinationApplicationSecurityGroups: "the lab has no application security groups",
  id: "it is made of the names",
  type: "it is an answer of Azure",
  sourceApplicationSecurityGroups: "the lab has no application security groups",
} as const;

export function judgeRule(rule: unknown, prefix: string, problems: Problems): void {
  const priority = number(rule, "priority");
  const unknownPriority = isUnknown((rule as { priority?: unknown }).priority);
  if (!unknownPriority && (priority === undefined || !isPriority(priority))) {
    const expected = `a whole number from ${String(lowest)} to ${String(highest)}`;
    problems.add(`${prefix}priority`, String(priority ?? "missing"), expected);
  }
  const protocol = text(rule, "protocol");
  if (protocol === "Ah" || protocol === "Esp") {
    problems.add(`${prefix}protocol`, protocol, "Tcp, Udp, Icmp or *: the lab has no IPsec");
  }
  const description = text(rule, "description") ?? "";
  if (description.length > longestDescription) {
    problems.add(`${prefix}description`, `${String(description.length)} characters long`, "at most 140");
  }
  for (const side of ["source", "destination"]) {
    judgeOneOf(rule, prefix, `${side}AddressPrefix`, isAddress, addressesExpected, problems);
    judgeOneOf(rule, prefix, `${side}PortRange`, isPortRange, "a port, a range such as 8000-8100, or *", problems);
  }
}

const addressesExpected = `an IPv4 address, a block on its network address, *, or ${serviceTags.join(", ")}`;

/** Every one of them is either one text or a list: `sourcePortRange` and `sourcePortRanges`. */
function judgeOneOf(
  rule: unknown,
  prefix: string,
  name: string,
  isValid: (value: string) => boolean,
  expected: string,
  problems: Problems,
): void {
  const plural = name.endsWith("Prefix") ? `${name}es` : `${name}s`;
  const [one, many] = [(rule as Record<string, unknown>)[name], (rule as Record<string, unknown>)[plural]];
  const several = list(rule, plural);
  if (one === undefined && (many === undefined || (Array.isArray(many) && many.length === 0))) {
    problems.add(`${prefix}${name}`, "missing", expected);
  }
  if (one !== undefined && several.length > 0) {
    problems.add(`${prefix}${plural}`, `set beside ${name}`, "one of both");
  }
  const single = text(rule, name);
  if (single !== undefined && !isValid(single)) problems.add(`${prefix}${name}`, JSON.stringify(single), expected);
  several.forEach((value, index) => {
    const property = `${prefix}${plural}[${String(index)}]`;
    if (typeof value !== "string" || isUnknown(value)) return;
    // A list holds neither the asterisk nor tags.
    const wrong = !isValid(value) || value === "*" || serviceTags.some((tag) => tag === value);
    if (wrong) problems.add(property, JSON.stringify(value), expected.replace(/, \*.*| or \*$|, or \*$/, ""));
  });
}

function isPriority(value: number): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest;
}

export function isPortRange(value: string): boolean {
  if (value === "*") return true;
  const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value) ?? [];
  return from !== "" && Number(from) <= Number(to) && Number(to) <= 65_535;
}

function isAddress(value: string): boolean {
  if (value === "*" || serviceTags.some((tag) => tag === value)) return true;
  if (ipaddr.IPv4.isValidFourPartDecimal(value)) return true;
  if (!ipaddr.IPv4.isValidCIDR(value)) return false;
  const [address] = ipaddr.IPv4.parseCIDR(value);
  return ipaddr.IPv4.networkAddressFromCIDR(value).toString() === address.toString();
}

/** A rule with where it is written. */
interface PlacedRule {
  readonly name: string;
  readonly rule: unknown;
  readonly property: string;
}

/** Two rules of one direction cannot have the same priority, nor the same name. */
export function judgeTogether(rules: readonly PlacedRule[], problems: Problems): void {
  rules.forEach((rule, index) => {
    judgeBeside(rule, rules.slice(0, index), problems);
  });
}

export function judgeBeside(
  { name, rule, property }: PlacedRule,
  others: readonly PlacedRule[],
  problems: Problems,
): void {
  const twin = others.find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (twin) problems.add(`${property}name`, JSON.stringify(name), "a name that no other rule of the group has");
  const clash = others.find((other) => sameOrder(other.rule, rule));
  if (clash === undefined) return;
  const found = `${String(number(rule, "priority"))}, as of ${clash.name}`;
  problems.add(`${property}priority`, found, "a priority that no other rule of its direction has");
}

export function sameOrder(one: unknown, other: unknown): boolean {
  return (
    number(one, "priority") !== undefined &&
    number(one, "priority") === number(other, "priority") &&
    text(one, "direction") === text(other, "direction")
  );
}

/** The addresses or ports of one side, whether written as one or as a list. */
export function valuesOf(rule: unknown, name: string): readonly string[] {
  const plural = name.endsWith("Prefix") ? `${name}es` : `${name}s`;
  const one = at(rule, name);
  return typeof one === "string" ? [one] : texts(rule, plural);
}
