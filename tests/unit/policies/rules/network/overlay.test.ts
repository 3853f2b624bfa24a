import { expect, test } from "vitest";

import { rule } from "#policies/rules/network/overlay.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const network = (properties: Record<string, unknown>) => [
  { type: "docker:index/network:Network", name: "x", properties: { name: "x", driver: "overlay", ...properties } },
];

test("each of what opens it is told", () => {
  expect(findings(rule, network({ attachable: true, ingress: "true" }))).toEqual([
    "attachable: true",
    "ingress: true",
    "options.encrypted: not set",
  ]);
});

test.each(["", "true", "1"])("encrypted: %j", (encrypted) => {
  expect(findings(rule, network({ options: { encrypted } }))).toEqual([]);
});

test("a network on one host is not asked, and what is unknown neither", () => {
  expect(findings(rule, network({ driver: "bridge", attachable: true }))).toEqual([]);
  expect(run(rule, network({ options: UNKNOWN })).verdicts).toEqual([]);
});
