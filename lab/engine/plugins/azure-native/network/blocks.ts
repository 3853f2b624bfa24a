/** IPv4 blocks as Azure wants them. */
import ipaddr from "ipaddr.js";
import { addressNumber, host, overlap, parseBlock, type Block } from "./address.ts";
import type { Problems } from "../core/problems.ts";

/** Addresses of each subnet that Azure keeps: network, gateway, two for its name service, broadcast. */
const firstFree = 4;

/** The block, or undefined with a problem told. */
export function readBlock(value: string, property: string, problems: Problems): Block | undefined {
  try {
    return parseBlock(value);
  } catch {
    problems.add(property, JSON.stringify(value), ownNetworkAddress(value));
    return undefined;
  }
}

function ownNetworkAddress(value: string): string {
  if (!ipaddr.IPv4.isValidCIDR(value)) return "an IPv4 block such as 10.20.0.0/24";
  const [, prefix] = ipaddr.IPv4.parseCIDR(value);
  return `a block that begins with its own network address: ${ipaddr.IPv4.networkAddressFromCIDR(value).toString()}/${String(prefix)}`;
}

/** Whether a network may have it: RFC 1918 and the shared block of RFC 6598. */
export function isPrivateBlock({ base, prefix }: Block): boolean {
  return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].some((range) =>
    contains(parseBlock(range), { base, prefix }),
  );
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.prefix >= outer.prefix && overlap(outer, inner);
}

export function holds(block: Block, address: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(address) && contains(block, parseBlock(`${address}/32`));
}

/** Whether Azure keeps the address of the subnet for itself. */
export function isReserved(block: Block, address: string): boolean {
  const index = addressNumber(address) - block.base;
  return index < firstFree || index === 2 ** (32 - block.prefix) - 1;
}

/** The first address that machines may have and that is not taken; undefined when there is none. */
export function freeAddress(block: Block, taken: readonly string[]): string | undefined {
  const used = new Set(taken);
  const last = 2 ** (32 - block.prefix) - 2;
  for (let index = firstFree; index <= last; index++) {
    const address = host(block, index);
    if (!used.has(address)) return address;
  }
  return undefined;
}
