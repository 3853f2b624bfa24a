import ipaddr from "ipaddr.js";

/** First and last address of a block, as numbers. IPv6 addresses that mean IPv4 ones are those. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
/** `::ffff:0:0/96`: IPv4 as IPv6 writes it. */
const MAPPED = 96;

/** An address, or a block that starts on its own network address; undefined where it is neither. */
export function rangeOf(text: string): AddressRange | undefined {
  const [address = "", length, ...more] = text.split("/");
  if (more.length > 0 || (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length))) return undefined;
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  const mapped = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && Number(length ?? 128) >= MAPPED;
  const own = mapped ? parsed.toIPv4Address() : parsed;
  const family = own.kind() === "ipv4" ? 4 : 6;
  const prefix = length === undefined ? BITS[family] : Number(length) - (mapped ? MAPPED : 0);
  if (prefix > BITS[family]) return undefined;
  const first = own.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const size = 1n << BigInt(BITS[family] - prefix);
  return first % size === 0n ? { family, first, last: first + size - 1n } : undefined;
}

/** The addresses of all blocks without what is there twice: ranges that do not touch, in order. What is no block is left out. */
export function union(blocks: readonly string[]): AddressRange[] {
  const ranges = blocks.flatMap((block) => rangeOf(block) ?? []);
  const ordered = ranges.sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : 1));
  return ordered.reduce<AddressRange[]>((merged, range) => {
    const before = merged.at(-1);
    if (before?.family !== range.family || range.first > before.last + 1n) return [...merged, range];
    return [...merged.slice(0, -1), { ...before, last: range.last > before.last ? range.last : before.last }];
  }, []);
}

/** Whether every address of a block is in one of the others, together. */
export function covers(blocks: readonly string[], block: string): boolean {
  const wanted = rangeOf(block);
  return (
    wanted !== undefined &&
    union(blocks).some(
      ({ family, first, last }) => family === wanted.family && first <= wanted.first && wanted.last <= last,
    )
  );
}

/** Whether two blocks have an address in common. */
export function overlapping(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  if (a === undefined || b === undefined) return false;
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether one address of a block is a loopback one. */
export function holdsLoopback(block: string): boolean {
  return overlapping(block, "127.0.0.0/8") || overlapping(block, "::1");
}

/**
 * Whether blocks name nobody any more: they hold a sixteenth of all addresses or more. The widest block that an
 * organization has for itself, 10.0.0.0/8, is far below.
 */
export function isNearlyEverywhere(blocks: readonly string[]): boolean {
  const many = { 4: 1n << 28n, 6: 1n << 124n };
  const held = { 4: 0n, 6: 0n };
  for (const { family, first, last } of union(blocks)) held[family] += last - first + 1n;
  return held[4] >= many[4] || held[6] >= many[6];
}
