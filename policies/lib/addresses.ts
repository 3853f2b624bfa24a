import ipaddr from "ipaddr.js";

type Block = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Tags for addresses that anybody can have: a machine in Azure's own ranges costs a few cents. */
const ANYBODY = /^(internet|any|azurecloud(\..+)?)$/i;

// What no stranger can send from. The reserved blocks count as public: some are in use, none is private.
const PRIVATE = new Set<string>([
  "private",
  "uniqueLocal",
  "carrierGradeNat",
  "loopback",
  "linkLocal",
  "multicast",
  "broadcast",
  "unspecified",
]);

const EVERYBODY = new Set(["*", "any", "internet"]);

// Blocks as large as these hold somebody else's machines, whoever the first of them belongs to.
const LARGE = { ipv4: 8, ipv6: 16 };

/** Whether a source, as a rule writes it, stands for the whole internet or so much of it that anybody is in it. */
export function isInternet(source: string): boolean {
  const text = source.trim();
  if (text === "*" || ANYBODY.test(text)) return true;
  const block = blockOf(text);
  return block !== undefined && isPublic(block) && block[1] <= LARGE[block[0].kind()];
}

/** Whether a source is a public address or block: neither a tag nor a private network. */
export function isPublicBlock(source: string): boolean {
  const block = blockOf(source.trim());
  return block !== undefined && isPublic(block);
}

/** Whether every address of a block is in one of the others. */
export function isWithin(source: string, blocks: readonly string[]): boolean {
  const inner = blockOf(source.trim());
  if (inner === undefined) return false;
  return blocks.some((outer) => {
    const block = blockOf(outer.trim());
    return block !== undefined && contains(block, inner);
  });
}

/** Whether a source takes in all public addresses of another. */
export function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [outer.trim().toLowerCase(), inner.trim().toLowerCase()];
  return wide === narrow || EVERYBODY.has(wide) || isWithin(narrow, [wide]);
}

function blockOf(text: string): Block | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.IPv6.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function isPublic([address, prefix]: Block): boolean {
  // The largest blocks begin with an address that is special and hold everything else too.
  return prefix < (address.kind() === "ipv4" ? 8 : 7) || !PRIVATE.has(address.range());
}

function contains([outer, outerPrefix]: Block, [inner, innerPrefix]: Block): boolean {
  if (outer.kind() !== inner.kind() || innerPrefix < outerPrefix) return false;
  return outer instanceof ipaddr.IPv4
    ? inner instanceof ipaddr.IPv4 && inner.match(outer, outerPrefix)
    : inner instanceof ipaddr.IPv6 && inner.match(outer, outerPrefix);
}
