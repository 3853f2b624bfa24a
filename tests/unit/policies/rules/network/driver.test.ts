import { expect, test } from "vitest";

import { rule } from "#policies/rules/network/driver.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const network = (driver: unknown) => [{ type: "docker:index/network:Network", name: "x", properties: { driver } }];

test.each(["macvlan", "ipvlan", "host", " MACVLAN ", "l2bridge"])("%j is the LAN's", (driver) => {
  expect(findings(rule, network(driver))).toEqual([`driver: ${JSON.stringify(driver)}`]);
});

test.each([undefined, "", "bridge", "overlay", "weave:latest", "null"])("%j is not", (driver) => {
  expect(findings(rule, network(driver))).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, network(UNKNOWN))).toEqual({ verdicts: [], unknown: ["driver"] });
});
