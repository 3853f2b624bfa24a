import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlap } from "#plugins/azure-native/network/address.ts";
import { contains, freeAddress, holds, isReserved } from "#plugins/azure-native/network/blocks.ts";
import { isPortRange } from "#plugins/azure-native/network/rule-checks.ts";

/** Blocks that a subnet may be. */
const block = fc
  .record({ prefix: fc.integer({ min: 24, max: 29 }), index: fc.nat(255) })
  .map(({ prefix, index }) => ({ base: 10 * 2 ** 24 + index * 2 ** (32 - prefix), prefix }));

describe("addresses", () => {
  test("a subnet gives out all but five, each once, and none of those that Azure keeps", () => {
    fc.assert(
      fc.property(block, (subnet) => {
        const given: string[] = [];
        for (let next = freeAddress(subnet, given); next !== undefined; next = freeAddress(subnet, given))
          given.push(next);
        expect(given).toHaveLength(2 ** (32 - subnet.prefix) - 5);
        expect(new Set(given).size).toBe(given.length);
        for (const address of given) {
          expect(holds(subnet, address)).toBe(true);
          expect(isReserved(subnet, address)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("blocks that contain one another overlap", () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        if (contains(one, other)) expect(overlap(one, other)).toBe(true);
        expect(contains(one, one)).toBe(true);
        expect(overlap(one, other)).toBe(contains(one, other) || contains(other, one));
      }),
    );
  });
});

test("a range of ports is one number, or two in order", () => {
  fc.assert(
    fc.property(fc.nat(70_000), fc.nat(70_000), (from, to) => {
      expect(isPortRange(`${String(from)}-${String(to)}`)).toBe(from <= to && to <= 65_535);
      expect(isPortRange(String(from))).toBe(from <= 65_535);
    }),
  );
  for (const odd of ["", "-", "22,23", "22-", "-22", "22-23-24", "any"]) expect(isPortRange(odd)).toBe(false);
});
