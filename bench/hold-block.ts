import type Docker from "dockerode";
import { parseBlock, formatBlock, subnet } from "../components/network/address.ts";

const label = "garrison.bench";

/**
 * Holds an estate's address block while nothing of the estate is deployed, by a network in its last /26: between two
 * rounds the block would be free, and an estate of somebody else could take it.
 */
export async function holdBlock(docker: Docker, estate: string, block: string): Promise<void> {
  const own = parseBlock(block);
  await docker.createNetwork({
    Name: `${estate}-held`,
    Internal: true,
    Labels: { [label]: "held" },
    IPAM: { Config: [{ Subnet: formatBlock(subnet(own, 26, 2 ** (26 - own.prefix) - 1)) }] },
  });
}

/** Gives the blocks back, also those of a benchmark that was killed. */
export async function releaseBlocks(docker: Docker): Promise<void> {
  const networks = await docker.listNetworks({ filters: { label: [label] } });
  for (const { Id: id } of networks) await docker.getNetwork(id).remove();
}
