/** What holds for a subnet, whether it is a resource or listed by its network. */
import type { Problems } from "../core/problems.ts";
import { text } from "../core/values.ts";
import { formatBlock, overlap, type Block } from "./address.ts";
import { contains, readBlock } from "./blocks.ts";

export interface NamedBlock {
  readonly name: string;
  readonly block: Block;
}

/**
 * Judges the block of a subnet.
 *
 * @param space blocks of its network, as far as they are known
 * @param others its neighbours' blocks
 * @returns the block, when it can be read
 */
export function judgeSubnet(
  subnet: unknown,
  property: string,
  { space, others }: { space: readonly Block[] | undefined; others: readonly NamedBlock[] },
  problems: Problems,
): Block | undefined {
  const written = text(subnet, "addressPrefix");
  if (written === undefined) return undefined;
  const block = readBlock(written, property, problems);
  if (block === undefined) return undefined;
  // Azure keeps five addresses of each.
  if (block.prefix > 29) problems.add(property, written, "a /29 or larger: Azure keeps five addresses of each subnet");
  if (space !== undefined && !space.some((outer) => contains(outer, block))) {
    problems.add(property, written, `a block inside its network's address space ${space.map(formatBlock).join(", ")}`);
  }
  for (const other of others) {
    if (overlap(block, other.block)) {
      problems.add(property, written, `a block apart from ${other.name}, which has ${formatBlock(other.block)}`);
    }
  }
  return block;
}

/** What a subnet can do in Azure and not here. */
export const subnetRefusals = {
  addressPrefixes: "give the one block as addressPrefix",
  applicationGatewayIPConfigurations: "the lab has no application gateways",
  delegations: "the lab has no services that a subnet could be delegated to",
  id: "it is made of the names",
  ipAllocations: "the lab has no address management",
  ipamPoolPrefixAllocations: "the lab has no address management",
  routeTable: "the lab has no routes of its own",
  serviceEndpointPolicies: "the lab has no service endpoints",
  serviceEndpoints: "the lab has no service endpoints",
  sharingScope: "the lab has one subscription",
} as const;

/** Parts that name another resource, and do nothing else. */
export const subnetParts = ["natGateway", "networkSecurityGroup"] as const;
