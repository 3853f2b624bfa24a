import type { Problem } from "../lib/problems.ts";
import type { NetworkWish } from "../machine/machine-definition.ts";
import { formatBlock, host, parseBlock, subnet } from "./address.ts";

/** A network as it will be on the machine. */
export interface PlannedNetwork {
  readonly name: string;
  readonly why: string;
  readonly internal: boolean;
  readonly subnet: string;
  readonly gateway: string;
  /** Name of the bridge interface on the host, at most 15 characters. */
  readonly bridge: string;
  /** Static address by service. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface NetworkPlan {
  readonly networks: readonly PlannedNetwork[];
  readonly problems: readonly Problem[];
}

/** What the planner has to know of a service. */
export interface Member {
  readonly name: string;
  readonly number: number;
}

/** Every network is a /26: the gateway is .1, service number n is .(n + 1). */
const PREFIX = 26;
const LARGEST_NUMBER = 60;

/**
 * Lays the wanted networks out on the machine's block. Subnets and addresses follow from the numbers of networks and
 * services, so the order in which they are declared does not matter and nothing moves when one is added.
 */
export function planNetworks(
  wishes: readonly NetworkWish[],
  members: readonly Member[],
  estate: string,
  block: string,
): NetworkPlan {
  const problems = wishProblems(wishes, members, block);
  if (problems.length > 0) return { networks: [], problems };

  const numbers = new Map(members.map((member) => [member.name, member.number]));
  const networks = wishes.map((wish): PlannedNetwork => {
    const own = subnet(parseBlock(block), PREFIX, wish.number);
    const addresses = wish.members.map((name) => [name, host(own, 1 + (numbers.get(name) ?? 0))] as const);
    return {
      name: wish.name,
      why: wish.why,
      internal: wish.egress !== true,
      subnet: formatBlock(own),
      gateway: host(own, 1),
      bridge: `${estate}-${String(wish.number).padStart(2, "0")}`,
      addresses: Object.fromEntries(addresses),
    };
  });
  return { networks, problems };
}

function wishProblems(wishes: readonly NetworkWish[], members: readonly Member[], block: string): Problem[] {
  const capacity = 2 ** (PREFIX - parseBlock(block).prefix);
  const known = new Set(members.map((member) => member.name));
  return [
    ...twice(
      "services",
      members.map((member) => [member.name, member.name]),
      "name",
    ),
    ...twice(
      "services",
      members.map((member) => [member.name, String(member.number)]),
      "number (and with it its address)",
    ),
    ...twice(
      "networks",
      wishes.map((wish) => [wish.name, wish.name]),
      "name",
    ),
    ...twice(
      "networks",
      wishes.map((wish) => [wish.name, String(wish.number)]),
      "number (and with it its subnet)",
    ),
    ...members
      .filter(({ number }) => !Number.isInteger(number) || number < 1 || number > LARGEST_NUMBER)
      .map(({ name, number }) => ({
        property: `services.${name}.number`,
        found: String(number),
        expected: `a whole number from 1 to ${String(LARGEST_NUMBER)}`,
      })),
    ...wishes
      .filter(({ number }) => !Number.isInteger(number) || number < 1 || number >= capacity)
      .map(({ name, number }) => ({
        property: `networks.${name}.number`,
        found: String(number),
        expected: `a whole number from 1 to ${String(capacity - 1)}: ${block} has no more /${String(PREFIX)} subnets`,
      })),
    ...wishes.flatMap((wish) =>
      wish.members
        .filter((name) => !known.has(name))
        .map((name) => ({
          property: `networks.${wish.name}.members`,
          found: `unknown service ${name}`,
          expected: `services of the machine: ${[...known].sort().join(", ")}`,
        })),
    ),
    ...wishes.flatMap((wish) =>
      twice(
        `networks.${wish.name}.members`,
        wish.members.map((name) => [name, name]),
        "place",
      ),
    ),
    ...wishes
      .filter((wish) => wish.members.length === 0)
      .map((wish) => ({
        property: `networks.${wish.name}.members`,
        found: "nobody",
        expected: "at least one service",
      })),
  ];
}

function twice(where: string, entries: readonly (readonly [owner: string, key: string])[], what: string): Problem[] {
  const byKey = new Map<string, string[]>();
  for (const [owner, key] of entries) byKey.set(key, [...(byKey.get(key) ?? []), owner]);
  return [...byKey]
    .filter(([, owners]) => owners.length > 1)
    .map(([key, owners]) => ({
      property: where,
      found: `${key} ${owners.length === 2 ? "twice" : `${String(owners.length)} times`} (${owners.join(", ")})`,
      expected: `each with its own ${what}`,
    }));
}
