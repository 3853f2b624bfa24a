import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatBlock, host, isBlock, isHostAddress, parseBlock, subnet } from "#components/network/address.ts";

describe("parseBlock", () => {
  test("reads a block and writes it back", () => {
    expect(parseBlock("10.77.0.0/16")).toEqual({ base: 10 * 2 ** 24 + 77 * 2 ** 16, prefix: 16 });
    expect(formatBlock(parseBlock("192.168.240.0/20"))).toBe("192.168.240.0/20");
  });

  test("refuses a block that does not start on its own network address", () => {
    expect(() => parseBlock("10.77.1.0/16")).toThrow("10.77.1.0/16 does not start on its own network address");
  });

  test("addresses above 127.255.255.255 stay positive", () => {
    expect(host(parseBlock("223.255.255.0/24"), 255)).toBe("223.255.255.255");
  });
});

describe("subnet", () => {
  test("cuts the block in order", () => {
    expect(formatBlock(subnet(parseBlock("10.77.0.0/16"), 26, 0))).toBe("10.77.0.0/26");
    expect(formatBlock(subnet(parseBlock("10.77.0.0/16"), 26, 5))).toBe("10.77.1.64/26");
    expect(formatBlock(subnet(parseBlock("10.77.0.0/16"), 26, 1023))).toBe("10.77.255.192/26");
  });

  test("refuses what lies outside", () => {
    expect(() => subnet(parseBlock("10.77.0.0/16"), 26, 1024)).toThrow("10.77.0.0/16 has no /26 number 1024");
    expect(() => subnet(parseBlock("10.77.0.0/16"), 26, -1)).toThrow(RangeError);
  });

  test("any two subnets of a block are disjoint and inside it", () => {
    const index = fc.nat(1023);
    fc.assert(
      fc.property(index, index, (one, other) => {
        const block = parseBlock("10.64.0.0/16");
        const [a, b] = [subnet(block, 26, one), subnet(block, 26, other)];
        expect(a.base).toBeGreaterThanOrEqual(block.base);
        expect(a.base + 64).toBeLessThanOrEqual(block.base + 2 ** 16);
        expect(a.base + 64 <= b.base || b.base + 64 <= a.base).toBe(one !== other);
      }),
    );
  });
});

describe("isBlock", () => {
  test.each(["10.77.0.0/16", "10.0.16.0/20", "172.16.0.0/16", "192.168.0.0/16"])("%s can hold the networks", (text) => {
    expect(isBlock(text)).toBe(true);
  });

  test.each([
    ["public addresses", "8.8.0.0/16"],
    ["carrier addresses", "100.64.0.0/16"],
    ["loopback", "127.1.0.0/16"],
    ["too small", "10.77.0.0/21"],
    ["too large", "10.0.0.0/15"],
    ["not on its own network address", "10.77.3.0/16"],
    ["no prefix", "10.77.0.0"],
    ["IPv6", "fd00::/16"],
    ["words", "a block"],
  ])("refused: %s", (_, text) => {
    expect(isBlock(text)).toBe(false);
  });
});

describe("isHostAddress", () => {
  test("one address, not all of them", () => {
    expect(isHostAddress("127.0.0.1")).toBe(true);
    expect(isHostAddress("192.168.1.20")).toBe(true);
    for (const text of ["0.0.0.0", "::1", "127.1", "host.example", "", "256.0.0.1"]) {
      expect(isHostAddress(text), text).toBe(false);
    }
  });
});
