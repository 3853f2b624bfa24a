import ipaddr from "ipaddr.js";

/** An IPv4 block in CIDR notation, on its own network address. */
export interface Block {
  /** Network address as a number. */
  readonly base: number;
  readonly prefix: number;
}

/** `10.77.0.0/16` as numbers. @throws when it is not a block on its own network address */
export function parseBlock(text: string): Block {
  // Read as octal by some programs, as decimal by others, and refused by Docker.
  if (/(?:^|[./])0\d/.test(text)) throw new Error(`${text} has a number that begins with zero`);
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  const base = toNumber(address.toString());
  if (base % 2 ** (32 - prefix) !== 0) throw new Error(`${text} does not start on its own network address`);
  return { base, prefix };
}

export function formatBlock(block: Block): string {
  return `${toAddress(block.base)}/${String(block.prefix)}`;
}

/** The `index`-th block of size /`prefix` inside `block`. @throws when it lies outside */
export function subnet(block: Block, prefix: number, index: number): Block {
  const size = 2 ** (32 - prefix);
  if (index < 0 || (index + 1) * size > 2 ** (32 - block.prefix)) {
    throw new RangeError(`${formatBlock(block)} has no /${String(prefix)} number ${String(index)}`);
  }
  return { base: block.base + index * size, prefix };
}

/** The `index`-th address of a block; 0 is the network itself. */
export function host(block: Block, index: number): string {
  return toAddress(block.base + index);
}

/** Whether a machine's container networks may live there: private, /16 to /20. */
export function isBlock(text: string): boolean {
  try {
    const { base, prefix } = parseBlock(text);
    return prefix >= 16 && prefix <= 20 && ipaddr.IPv4.parse(toAddress(base)).range() === "private";
  } catch {
    return false;
  }
}

/** Whether it is an IPv4 block in CIDR notation, on its own network address. */
export function isCidr(text: string): boolean {
  try {
    parseBlock(text);
    return true;
  } catch {
    return false;
  }
}

/** Azure's own service address, which no private range shows as what it is. */
const AZURE_SERVICE = "168.63.129.16";

const NOT_PUBLIC = new Set([
  "unspecified",
  "broadcast",
  "multicast",
  "linkLocal",
  "loopback",
  "carrierGradeNat",
  "private",
]);

/** Whether an address is one of the internet; those that are kept for documentation count, a lab uses them. */
export function isPublic(address: string): boolean {
  return address !== AZURE_SERVICE && !NOT_PUBLIC.has(ipaddr.IPv4.parse(address).range());
}

export function isLoopback(address: string): boolean {
  return ipaddr.IPv4.parse(address).range() === "loopback";
}

/** Why containers cannot be sent there for names, or undefined when they can. */
export function notAResolver(address: string): string | undefined {
  if (address === AZURE_SERVICE) return "an address of the metadata service, which nothing reaches";
  const range = ipaddr.IPv4.parse(address).range();
  if (range === "loopback") return "a loopback address: in a container that is the container itself";
  if (range === "linkLocal") return "a link-local address, where the metadata service is: nothing reaches it";
  if (range === "unspecified" || range === "multicast" || range === "broadcast") return `an address of range ${range}`;
  return undefined;
}

/** Whether something can listen on it without listening everywhere. */
export function isHostAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) && ipaddr.IPv4.parse(text).range() !== "unspecified";
}

function toNumber(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join(".");
}
