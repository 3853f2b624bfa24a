import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidateBlocks, chooseBlock, overlaps, parseRoutes, publishAddress } from "#lab/estate/network-block.ts";

const octet = fc.integer({ min: 0, max: 255 });
/** Networks that are mostly inside or around 10.64.0.0/10, where they can be in the way. */
const network = fc
  .tuple(
    fc.constantFrom(10, 10, 10, 172, 192),
    fc.oneof(fc.integer({ min: 60, max: 130 }), octet),
    octet,
    octet,
    fc.integer({ min: 8, max: 32 }),
  )
  .map(([a, b, c, d, length]) => `${a}.${b}.${c}.${d}/${length}`);

/** An answer of its own: the first and last address as numbers. */
function range(cidr: string): [first: number, last: number] {
  const [address = "", length = "32"] = cidr.split("/");
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(value / size) * size;
  return [first, first + size - 1];
}

function shareAddress(left: string, right: string): boolean {
  const [leftFirst, leftLast] = range(left);
  const [rightFirst, rightLast] = range(right);
  return leftFirst <= rightLast && rightFirst <= leftLast;
}

describe("the estate's network block", () => {
  test("two networks overlap exactly when their ranges share an address", () => {
    fc.assert(
      fc.property(network, network, (left, right) => {
        expect(overlaps(left, right)).toBe(shareAddress(left, right));
      }),
    );
  });

  test("never overlaps anything that is taken, and is refused only when every block is", () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 40 }), (taken) => {
        const free = candidateBlocks.filter((candidate) => !taken.some((other) => shareAddress(candidate, other)));
        expect(chooseBlock(taken)).toBe(free[0]);
        expect(chooseBlock(taken, "highest")).toBe(free.at(-1));
      }),
    );
  });

  test("lies inside 10.64.0.0/10", () => {
    expect(candidateBlocks).toHaveLength(64);
    for (const block of candidateBlocks) expect(shareAddress(block, "10.64.0.0/10")).toBe(true);
  });

  test("is undefined when everything is taken", () => {
    expect(chooseBlock(["10.0.0.0/8"])).toBeUndefined();
  });

  test("gives the estate a loopback address of its own", () => {
    expect(publishAddress("10.64.0.0/16")).toBe("127.64.0.1");
    expect(new Set(candidateBlocks.map(publishAddress)).size).toBe(candidateBlocks.length);
  });
});

describe("the host's routes", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
    "wg0\t0040400A\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0",
    "",
  ].join("\n");

  test("are read from the kernel's table, without the default route", () => {
    expect(parseRoutes(table)).toEqual(["172.17.0.0/16", "10.64.64.0/26"]);
  });
});
