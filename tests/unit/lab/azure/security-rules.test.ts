import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SecurityRuleFact } from "#lab/fabric/fabric.ts";
import { renderRule, rulesInOrder } from "#lab/azure/security-rules.ts";

// What the rendered lines do to a packet, compared with a model that knows nothing of nftables.
interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const network = ["10.1.0.4", "10.1.0.5"];
const platform = "168.63.129.16";
const addresses = [...network, "203.0.113.9", "198.51.100.7", platform];
const ports = [22, 80, 443, 8050];

/** Reads a line from left to right, as nft does. */
function verdictOf(line: string, packet: Packet): "return" | "drop" | undefined {
  const words = line.replace(/ comment ".*"$/, "").split(" ");
  for (let at = 0; at < words.length;) {
    const word = words[at++];
    if (word === "counter") continue;
    if (word === "return" || word === "drop") return word;
    const field = words[at++];
    const negated = words[at] === "!=";
    if (negated) at++;
    const value = words[at] === "{" ? words.slice(at, (at = words.indexOf("}", at) + 1)).join(" ") : words[at++];
    if (matches(`${word ?? ""} ${field ?? ""}`, value ?? "", packet) === negated) return undefined;
  }
  throw new Error(`${line} has no verdict`);
}

function matches(field: string, value: string, packet: Packet): boolean {
  switch (field) {
    case "ip saddr":
      return isOneOf(packet.source, value);
    case "ip daddr":
      return isOneOf(packet.destination, value);
    case "meta l4proto":
      return value.replaceAll(/[{},]/g, "").split(" ").includes(packet.protocol);
    case "th sport":
      return isIn(packet.sourcePort, value);
    case "th dport":
      return isIn(packet.destinationPort, value);
    default:
      throw new Error(`the test reads no ${field}`);
  }
}

function isOneOf(address: string, value: string): boolean {
  return value === "@net" ? network.includes(address) : address === value;
}

function isIn(port: number, value: string): boolean {
  const [low = 0, high = low] = value.split("-").map(Number);
  return port >= low && port <= high;
}

/** Azure's own words: rules are processed in order of priority, and processing stops with the first that matches. */
function azureAllows(rules: readonly SecurityRuleFact[], direction: SecurityRuleFact["direction"], packet: Packet) {
  const own = rules.filter((rule) => rule.direction === direction).sort((one, other) => one.priority - other.priority);
  const first = own.find(
    ({ protocol, sources, destinations, sourcePorts, destinationPorts }) =>
      (protocol === "*" || protocol.toLowerCase() === packet.protocol) &&
      sources.some((source) => azureMatches(source, packet.source)) &&
      destinations.some((destination) => azureMatches(destination, packet.destination)) &&
      (protocol === "Icmp" ||
        (packet.protocol === "icmp"
          ? sourcePorts.includes("*") && destinationPorts.includes("*")
          : sourcePorts.some((port) => port === "*" || isIn(packet.sourcePort, port)) &&
            destinationPorts.some((port) => port === "*" || isIn(packet.destinationPort, port)))),
  );
  if (first !== undefined) return first.access === "Allow";
  const [fromInside, toInside] = [network.includes(packet.source), network.includes(packet.destination)];
  if (fromInside && toInside) return true;
  return direction === "Inbound" ? packet.source === platform : !toInside && packet.destination !== platform;
}

function azureMatches(value: string, address: string): boolean {
  if (value === "*") return true;
  if (value === "VirtualNetwork") return network.includes(address);
  if (value === "AzureLoadBalancer") return address === platform;
  if (value === "Internet") return !network.includes(address) && address !== platform;
  return value === address;
}

// Mostly what matches: where no rule does, there is nothing to decide between.
const mostly = (any: string, ...others: readonly string[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(any) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const place = mostly("*", "VirtualNetwork", "Internet", "AzureLoadBalancer", ...addresses);
const port = mostly("*", "22", "80", "8000-8100", "1-1024");
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 2 });
const rules = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a "quoted" name', "b"),
    priority: fc.integer({ min: 100, max: 4096 }),
    direction: fc.constantFrom("Inbound" as const, "Outbound" as const),
    access: fc.constantFrom("Allow" as const, "Deny" as const),
    protocol: fc.constantFrom("Tcp" as const, "Udp" as const, "Icmp" as const, "*" as const),
    sources: some(place),
    destinations: some(place),
    sourcePorts: some(port),
    destinationPorts: some(port),
  }),
  { maxLength: 5, selector: ({ priority, direction }) => `${direction} ${priority}` },
);
const packet = fc.record({
  source: fc.constantFrom(...addresses),
  destination: fc.constantFrom(...addresses),
  protocol: fc.constantFrom("tcp" as const, "udp" as const, "icmp" as const),
  sourcePort: fc.constantFrom(...ports),
  destinationPort: fc.constantFrom(...ports),
});

describe("the rules of a security group", () => {
  it("decide as Azure does: the first that matches, by priority, and its own three at the end", () => {
    fc.assert(
      fc.property(rules, packet, fc.constantFrom("Inbound" as const, "Outbound" as const), (group, sent, direction) => {
        const lines = rulesInOrder(group, direction).flatMap((rule) => renderRule(rule, "net"));
        const verdict = lines.map((line) => verdictOf(line, sent)).find((found) => found !== undefined);
        expect(verdict).toBe(azureAllows(group, direction, sent) ? "return" : "drop");
      }),
      { numRuns: 1000 },
    );
  });
});
