import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planNetworks } from "#components/network/plan-networks.ts";
import { largestNumber } from "#components/network/subnet-size.ts";

const BLOCK = "10.77.0.0/16";

function expectedOf(service: number, network: number, prefix?: number, block = BLOCK): string[] {
  const request = { name: "net", number: network, why: "because", members: ["one"] };
  const { problems } = planNetworks([request], [{ name: "one", number: service }], "office", block, prefix);
  return problems.map(({ property, found, expected }) => `${property}: ${found}; ${expected}`);
}

test.each([
  [26, 60],
  [24, 252],
  [22, 1020],
  [18, 16_380],
])("a /%i has room for the services 1 to %i", (prefix, largest) => {
  expect(largestNumber(prefix)).toBe(largest);
  expect(expectedOf(largest, 1, prefix, "10.0.0.0/8")).toEqual([]);
  expect(expectedOf(largest + 1, 1, prefix, "10.0.0.0/8")).toHaveLength(1);
});

describe("a number that does not fit", () => {
  test("of a service names the subnet that it needs", () => {
    expect(expectedOf(61, 1)).toEqual([
      "services.one.number: 61; a whole number from 1 to 60; subnetPrefix 25 has room for it",
    ]);
    expect(expectedOf(1.5, 1)).toEqual(["services.one.number: 1.5; a whole number from 1 to 60"]);
    expect(expectedOf(100_000, 1)).toEqual([
      "services.one.number: 100000; a whole number from 1 to 60; no subnet of the block has room for it",
    ]);
  });

  test("of a network names the subnet, or asks for a larger block", () => {
    const exhausted = (text: string): string => `networks.net.number: 1024; a whole number from 1 to 1023: ${text}`;
    expect(expectedOf(1, 1024)).toEqual([
      exhausted(`${BLOCK} has no more /26 subnets; subnetPrefix 27 has room for it and for every service`),
    ]);
    expect(expectedOf(50, 1024)).toEqual([
      exhausted(`${BLOCK} has no more /26 subnets; a larger block has, with the setting garrison:network`),
    ]);
  });

  test("always fits with what is named", () => {
    fc.assert(
      fc.property(fc.integer({ min: 61, max: 20_000 }), fc.integer({ min: 1, max: 9000 }), (service, network) => {
        for (const [own, other] of [
          [service, 1],
          [1, network],
        ] as const) {
          const [problem = ""] = expectedOf(own, other);
          const named = /subnetPrefix (\d+)/.exec(problem)?.[1];
          if (named !== undefined) expect(expectedOf(own, other, Number(named))).toEqual([]);
        }
      }),
    );
  });
});

test.each([16, 30, 24.5, 0])("%d is no size for a subnet of a /16", (prefix) => {
  expect(expectedOf(1, 1, prefix)).toEqual([
    `subnetPrefix: ${String(prefix)}; a prefix from 17 to 29: subnets of ${BLOCK} with room for services`,
  ]);
});
