/** IPv4 blocks as numbers. */
import ipaddr from "ipaddr.js";

/** An IPv4 block, on its own network address. */
export interface Block {
  /** Network address as a number. */
  readonly base: number;
  readonly prefix: number;
}

/** `10.20.0.0/16` as numbers. @throws when it is not a block on its own network address */
export function parseBlock(text: string): Block {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const base = addressNumber(address.toString());
  if (base % 2 ** (32 - prefix) !== 0) throw new Error(`${text} does not start on its own network address`);
  return { base, prefix };
}

/** Whether it is an IPv4 block on its own network address. */
export function isCidr(text: string): boolean {
  try {
    parseBlock(text);
    return true;
  } catch {
    return false;
  }
}

export function formatBlock(block: Block): string {
  return `${host(block, 0)}/${String(block.prefix)}`;
}

/** The `index`-th address of a block; 0 is the network itself. */
export function host({ base }: Block, index: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor((base + index) / 2 ** shift) % 256)).join(".");
}

/** Whether two blocks have an address in common. */
export function overlap(one: Block, other: Block): boolean {
  const size = 2 ** (32 - Math.min(one.prefix, other.prefix));
  return Math.floor(one.base / size) === Math.floor(other.base / size);
}

export function addressNumber(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
