import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { overlap, parseBlock } from "../../components/network/address.ts";

/** Reserved for documentation (RFC 5737): a packet that goes astray reaches nobody. In the order in which a lab takes them. */
const RESERVED = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"] as const;

/**
 * The reserved blocks that this host is not in itself: a virtual machine's own network can be one of them, and what is
 * sent there never gets to a lab.
 */
export function documentationBlocks(taken: readonly string[] = ownBlocks()): readonly [string, string] {
  const [first, second] = RESERVED.filter((block) => !taken.some((own) => overlap(parseBlock(own), parseBlock(block))));
  if (first === undefined || second === undefined)
    throw new Error(`the lab's internet needs two of ${RESERVED.join(", ")}, and this host is in ${taken.join(", ")}`);
  return [first, second];
}

/** The blocks of the interfaces that default routes lead over; a lab's own interfaces have none. */
function ownBlocks(): string[] {
  const routes = readFileSync("/proc/net/route", "utf8").split("\n").slice(1);
  const outward = new Set(
    routes.flatMap((line) => {
      const [name, destination, , , , , , mask] = line.split("\t");
      return name !== undefined && destination === "00000000" && mask === "00000000" ? [name] : [];
    }),
  );
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ cidr, family }) =>
      outward.has(name) && family === "IPv4" && cidr !== null ? [networkOf(cidr)] : [],
    ),
  );
}

/** `192.0.2.0/24` of `192.0.2.2/24`. */
function networkOf(cidr: string): string {
  return `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${cidr.split("/")[1] ?? ""}`;
}
