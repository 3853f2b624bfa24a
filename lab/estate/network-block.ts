import ipaddr from "ipaddr.js";

const first = 64;
const last = 127;

/** The /16 blocks of 10.64.0.0/10 that a lab estate may get, lowest first. */
export const candidateBlocks: readonly string[] = Array.from(
  { length: last - first + 1 },
  (_, index) => `10.${first + index}.0.0/16`,
);

/**
 * A block that overlaps none of `taken` (IPv4 networks as CIDR); undefined when all are taken. A block is seen as taken
 * only once its first network is there: what is begun at the same time chooses from different ends.
 */
export function chooseBlock(taken: readonly string[], from: "lowest" | "highest" = "lowest"): string | undefined {
  const candidates = from === "lowest" ? candidateBlocks : candidateBlocks.toReversed();
  return candidates.find((block) => !taken.some((other) => overlaps(block, other)));
}

/** Whether two IPv4 networks share an address. */
export function overlaps(left: string, right: string): boolean {
  const [leftAddress, leftLength] = ipaddr.IPv4.parseCIDR(left);
  const [rightAddress, rightLength] = ipaddr.IPv4.parseCIDR(right);
  // Two networks overlap exactly when the wider one holds the other's first address.
  return leftAddress.match(rightAddress, Math.min(leftLength, rightLength));
}

/** The loopback address on which the estate publishes ports: its own, so two estates never want the same port. */
export function publishAddress(block: string): string {
  const [address] = ipaddr.IPv4.parseCIDR(block);
  const [, second = 0, third = 0] = address.octets;
  return `127.${second}.${third}.1`;
}

/** The destinations of `/proc/net/route` as CIDR, without the default route: that one overlaps everything. */
export function parseRoutes(text: string): string[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, destination, , , , , , mask]) =>
      destination === undefined || mask === undefined || mask === "00000000"
        ? []
        : [`${littleEndian(destination)}/${String(prefixLength(mask))}`],
    );
}

// The kernel prints the address as the number that lies in memory: lowest byte last.
function littleEndian(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .toReversed()
    .map((byte) => String(Number.parseInt(byte, 16)))
    .join(".");
}

function prefixLength(mask: string): number {
  return ipaddr.IPv4.parse(littleEndian(mask)).prefixLengthFromSubnetMask() ?? 32;
}
