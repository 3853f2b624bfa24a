import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  covers,
  holdsLoopback,
  isNearlyEverywhere,
  overlapping,
  rangeOf,
  union,
} from "#components/network/address-set.ts";

describe("an address or a block", () => {
  test.each([
    "203.0.113.10",
    "203.0.113.8/29",
    "0.0.0.0/0",
    "255.255.255.255",
    "2001:db8::1",
    "2001:db8::/32",
    "::/0",
    "::ffff:203.0.113.10",
  ])("%s is one", (text) => {
    expect(rangeOf(text)).toBeDefined();
  });

  test.each([
    ["host bits are set", "203.0.113.10/29"],
    ["host bits are set", "2001:db8::1/32"],
    ["too long", "203.0.113.8/33"],
    ["too long", "::/129"],
    ["two lengths", "203.0.113.8/29/29"],
    ["no length", "203.0.113.8/"],
    ["a length with a zero before it", "203.0.113.8/029"],
    ["a mask", "203.0.113.8/255.255.255.248"],
    ["a range", "203.0.113.8-203.0.113.9"],
    ["three parts", "203.0.113"],
    ["a number", "3405803786"],
    ["octal", "0203.0.113.10"],
    ["hexadecimal", "0xcb.0.113.10"],
    ["a zone", "fe80::1%eth0/64"],
    ["a name", "office.example"],
    ["spaces", " 203.0.113.10"],
    ["nothing", ""],
  ])("%s: %s is none", (_, text) => {
    expect(rangeOf(text)).toBeUndefined();
  });

  test("IPv4 in the words of IPv6 is IPv4", () => {
    expect(rangeOf("::ffff:203.0.113.8/125")).toEqual(rangeOf("203.0.113.8/29"));
    expect(covers(["::ffff:0:0/96"], "0.0.0.0/0")).toBe(true);
  });
});

describe("blocks together", () => {
  test("are one range where they touch or overlap, whatever their order and however often", () => {
    expect(union(["128.0.0.0/1", "0.0.0.0/1", "203.0.113.10", "203.0.113.10"])).toEqual(union(["0.0.0.0/0"]));
    expect(union(["10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16"])).toEqual(union(["10.0.0.0/8"]));
    expect(union(["8000::/1", "::/1"])).toEqual(union(["::/0"]));
    expect(union(["10.0.0.0/9", "10.128.0.0/10"])).toHaveLength(1);
    expect(union(["10.0.0.0/24", "10.0.2.0/24"])).toHaveLength(2);
    expect(union(["0.0.0.0/0", "::/0"])).toHaveLength(2);
  });

  test("hold what lies in several of them", () => {
    expect(covers(["203.0.113.0/25", "203.0.113.128/25"], "203.0.113.0/24")).toBe(true);
    expect(covers(["203.0.113.0/25"], "203.0.113.0/24")).toBe(false);
    expect(covers(["::/1", "8000::/1"], "2001:db8::/32")).toBe(true);
    expect(covers(["::/0"], "203.0.113.10")).toBe(false);
    expect(covers([], "203.0.113.10")).toBe(false);
  });

  test("merged in any order they hold exactly the addresses that one of them holds", () => {
    const block = fc
      .tuple(fc.nat(255), fc.integer({ min: 24, max: 32 }))
      .map(([last, prefix]) => `192.0.2.${String(last - (last % 2 ** (32 - prefix)))}/${String(prefix)}`);
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), fc.nat(255), (blocks, last) => {
        const address = `192.0.2.${String(last)}`;
        expect(covers(blocks, address)).toBe(blocks.some((one) => overlapping(one, address)));
      }),
    );
  });
});

describe("nearly everywhere", () => {
  test.each([
    [["0.0.0.0/0"]],
    [["0.0.0.0/1", "128.0.0.0/1"]],
    [["0.0.0.0/1"]],
    [["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2", "203.0.113.10"]],
    [Array.from({ length: 223 }, (_, index) => `${String(index + 1)}.0.0.0/8`)],
    [["::/1", "8000::/1"]],
    [["2000::/3"]],
    [["203.0.113.10", "::ffff:0:0/96"]],
  ])("%j", (blocks) => {
    expect(isNearlyEverywhere(blocks)).toBe(true);
  });

  test.each([
    [[]],
    [["203.0.113.10"]],
    [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]],
    [["10.0.0.0/8", "10.0.0.0/8", "10.1.0.0/16", ...Array.from({ length: 40 }, () => "10.0.0.0/8")]],
    [["2001:db8::/32", "fd00::/8"]],
  ])("not %j", (blocks) => {
    expect(isNearlyEverywhere(blocks)).toBe(false);
  });
});

test("loopback is seen inside of a wider block", () => {
  expect(["127.0.0.1", "127.0.0.0/8", "126.0.0.0/7", "::1", "::/0"].map(holdsLoopback)).toEqual(
    Array.from({ length: 5 }, () => true),
  );
  expect(["126.0.0.1", "128.0.0.0/8", "::2", "fd00::/8"].filter(holdsLoopback)).toEqual([]);
});
