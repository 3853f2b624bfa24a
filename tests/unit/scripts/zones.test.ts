import { describe, expect, test } from "vitest";
import { zonesOf } from "#scripts/docs/zone-section.ts";

const networks = [
  { name: "page-data", number: 1, why: "a test", members: ["page", "data"] },
  { name: "page-proxy", number: 2, why: "a test", members: ["page", "proxy"] },
  { name: "out", number: 3, why: "a test", members: ["proxy"], egress: true },
];
const zones = [
  { name: "inside", why: "a test", members: ["page", "data"] },
  { name: "outside", why: "a test", out: true, members: ["page", "proxy"] },
];

describe("the zone of a network", () => {
  test("has its members; whoever gets out, by the proxy too, is in one for that", () => {
    expect([...zonesOf(networks, zones, ["proxy"])]).toEqual([
      ["inside", ["page-data"]],
      ["outside", ["page-proxy", "out"]],
    ]);
  });

  test("is one", () => {
    expect(() => zonesOf(networks, zones.slice(0, 1), ["proxy"])).toThrow("page-proxy belongs to no zone");
    const twice = [...zones, { name: "again", why: "a test", members: ["page", "data", "more"] }];
    expect(() => zonesOf(networks, twice, ["proxy"])).toThrow("page-data belongs to inside and again");
  });
});
