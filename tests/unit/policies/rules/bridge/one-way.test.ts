import { describe, expect, test } from "vitest";

import { bridge, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/bridge/one-way.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, network, program } = scene("t");
const firewall = { type: "garrison:firewall:HostFirewall", name: "firewall", properties: {} };
const declared = (more: Readonly<Record<string, unknown>> = {}, changes = {}) =>
  declares({ bridges: [bridge("t", changes)], ...more });

test("a bridge from the host into a container on a network of its own is in order", () => {
  expect(findings(rule, [network("front"), program("gateway", ["front"]), declared()])).toEqual([]);
});

test.each([
  ["a flow back", { flows: [{ from: "t-gateway", to: "host", ports: ["22"] }] }, 'a flow back from "t-gateway" on 22'],
  [
    "a flow back without ports",
    { flows: [{ from: "t-gateway", to: "host" }] },
    'a flow back from "t-gateway" on every port',
  ],
])("finds %s", (_, more, expected) => {
  expect(findings(rule, [declared(more)])).toEqual([`garrisonDeclarations.bridges.0.to: ${expected}`]);
});

test.each([
  [{ from: "host", to: "t-gateway", ports: ["18789"] }],
  [{ from: "t-gateway", to: "internet", ports: ["443"] }],
  [{ from: "t-else", to: "host", ports: ["22"] }],
])("the flow %j is no way back", (flow) => {
  expect(findings(rule, [declared({ flows: [flow] })])).toEqual([]);
});

test("two bridges make a road, whoever declares the second", () => {
  const back = bridge("t", { from: "t-gateway", to: "host" });
  const other = { ...declares({ bridges: [back] }), name: "other" };
  expect(findings(rule, [declared(), other])).toHaveLength(2);
});

describe("between containers", () => {
  const shared = [network("shared"), program("other", ["shared"], {}, "sender"), program("gateway", ["shared"])];
  const between = declared({}, { from: "t-sender" });

  test("a shared network leads both ways", () => {
    expect(findings(rule, [...shared, between])).toHaveLength(1);
  });

  test("a firewall that keeps to the flows ends that", () => {
    expect(findings(rule, [...shared, between, firewall])).toEqual([]);
  });

  test("the host's network is past every firewall", () => {
    expect(findings(rule, [program("gateway", [], { networkMode: "host" }), between, firewall])).toHaveLength(1);
  });
});

test("a bridge on from the receiver, or to the sender, is no way back", () => {
  const on = bridge("t", { from: "t-gateway", to: "t-else" });
  const to = bridge("t", { from: "t-else", to: "host" });
  expect(findings(rule, [declares({ bridges: [bridge("t"), on, to] })])).toEqual([]);
});
