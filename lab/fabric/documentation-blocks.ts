import { readFileSync } from "node:fs";
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";

/** Reserved for documentation (RFC 5737): a packet that goes astray reaches nobody. In the order in which a lab takes them. */
const RESERVED = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"] as const;

/**
 * The reserved blocks that this host is not in itself: a virtual machine's own network can be one of them, and what is
 * sent there never gets to a lab.
 *
 * A host that is in two of them gets one of its own all the same: whoever only wants a page written is not refused.
 *
 * @param taken blocks, or addresses with the length of their network: `192.0.2.2/24`
 */
export function documentationBlocks(taken: readonly string[] = ownAddresses()): readonly [string, string] {
  const own = (block: string) => taken.some((one) => holds(one, block) || holds(block, one));
  const [first, second] = [...RESERVED.filter((block) => !own(block)), ...RESERVED.filter(own)];
  return [first ?? RESERVED[0], second ?? RESERVED[1]];
}

/** Of the interfaces that default routes lead over; a lab's own interfaces have none. */
function ownAddresses(): string[] {
  const routes = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
  const outward = new Set(
    routes.flatMap((line) => {
      const [name, destination, , , , , , mask] = line.split("\t");
      return name !== undefined && destination === "00000000" && mask === "00000000" ? [name] : [];
    }),
  );
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ cidr, family }) => (outward.has(name) && family === "IPv4" && cidr !== null ? [cidr] : [])),
  );
}

/** Whether the first address of one block is in another. */
function holds(outer: string, inner: string): boolean {
  const block = new BlockList();
  const [address = "", length] = outer.split("/");
  block.addSubnet(address, Number(length), "ipv4");
  return block.check(inner.split("/")[0] ?? "", "ipv4");
}
