import { claimedTwice } from "../lib/claims.ts";
import type { Problem } from "../lib/problems.ts";
import type { NetworkRequest } from "../machine/machine-definition.ts";
import { formatBlock, host, parseBlock, subnet } from "./address.ts";
import { SUBNET_PREFIX, sizeProblems } from "./subnet-size.ts";

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

/**
 * Lays the wanted networks out on the machine's block. Subnets and addresses follow from the numbers of networks and
 * services, so the order in which they are declared does not matter and nothing moves when one is added.
 */
export function planNetworks(
  requests: readonly NetworkRequest[],
  members: readonly Member[],
  estate: string,
  block: string,
  prefix: number = SUBNET_PREFIX,
): NetworkPlan {
  const problems = [...requestProblems(requests, members), ...sizeProblems(requests, members, block, prefix)];
  if (problems.length > 0) return { networks: [], problems };

  const numbers = new Map(members.map((member) => [member.name, member.number]));
  const networks = requests.map((request): PlannedNetwork => {
    const own = subnet(parseBlock(block), prefix, request.number);
    const addresses = request.members.map((name) => [name, host(own, 1 + (numbers.get(name) ?? 0))] as const);
    return {
      name: request.name,
      why: request.why,
      internal: request.egress !== true,
      subnet: formatBlock(own),
      gateway: host(own, 1),
      bridge: `${estate}-${String(request.number).padStart(2, "0")}`,
      addresses: Object.fromEntries(addresses),
    };
  });
  return { networks, problems };
}

function requestProblems(requests: readonly NetworkRequest[], members: readonly Member[]): Problem[] {
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
      requests.map((request) => [request.name, request.name]),
      "name",
    ),
    ...twice(
      "networks",
      requests.map((request) => [request.name, String(request.number)]),
      "number (and with it its subnet)",
    ),
    ...requests.flatMap((request) =>
      request.members
        .filter((name) => !known.has(name))
        .map((name) => ({
          property: `networks.${request.name}.members`,
          found: `unknown service ${name}`,
          expected: `services of the machine: ${[...known].sort().join(", ")}`,
        })),
    ),
    ...requests.flatMap((request) =>
      twice(
        `networks.${request.name}.members`,
        request.members.map((name) => [name, name]),
        "place",
      ),
    ),
    ...requests
      .filter((request) => request.members.length === 0)
      .map((request) => ({
        property: `networks.${request.name}.members`,
        found: "nobody",
        expected: "at least one service",
      })),
  ];
}

function twice(where: string, entries: readonly (readonly [owner: string, key: string])[], what: string): Problem[] {
  return claimedTwice(entries).map(([key, owners]) => ({
    property: where,
    found: `${key} ${owners.length === 2 ? "twice" : `${String(owners.length)} times`} (${owners.join(", ")})`,
    expected: `each with its own ${what}`,
  }));
}
