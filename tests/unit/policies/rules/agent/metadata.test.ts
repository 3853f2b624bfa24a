import { describe, expect, test } from "vitest";

import { on, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/metadata.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, declares, network, program } = scene("t");
const machine = (identity: unknown) => ({
  type: "azure-native:compute:VirtualMachine",
  name: "machine",
  properties: { identity },
});
const exposed = [network("open", { internal: false }), agent(on(["t-open"]))];
const holder = machine({ type: "SystemAssigned" });

test.each(["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"])(
  "finds an agent beside an identity: %s",
  (type) => {
    expect(findings(rule, [machine({ type }), ...exposed])).toEqual([
      'networksAdvanced.0.name: "t-open", a network that leads out, on the machine "machine", which has an identity',
    ]);
  },
);

test.each(["gateway", "egress-proxy", "model-gateway"])("finds a %s that leads out", (role) => {
  const resources = [holder, network("open", { internal: false }), program(role, ["open"])];
  expect(findings(rule, resources)).toHaveLength(1);
});

test.each([undefined, { type: "None" }, {}])("a machine with the identity %j is none of it", (identity) => {
  expect(findings(rule, [machine(identity), ...exposed])).toEqual([]);
});

test("containers without a way out, and other programs' containers, are not judged", () => {
  expect(findings(rule, [holder, agent()])).toEqual([]);
  expect(findings(rule, [holder, network("open", { internal: false }), program("other", ["open"])])).toEqual([]);
});

describe("a block", () => {
  test.each(["169.254.169.254", "169.254.169.254/32", "169.254.0.0/16", "0.0.0.0/0"])("is enough: %s", (block) => {
    expect(findings(rule, [holder, ...exposed, declares({ blocked: [block] })])).toEqual([]);
    const firewall = { type: "garrison:firewall:HostFirewall", name: "f", properties: { closed: [block] } };
    expect(findings(rule, [holder, ...exposed, firewall])).toEqual([]);
  });

  test.each([
    "10.0.0.0/8",
    "169.254.169.253",
    "metadata",
    "169.254.0.0/40",
    "::/0",
    "::/x",
    "169.254.0.0/-1",
    "0.0.0.0/0.5",
    "",
  ])("is not: %s", (block) => {
    expect(findings(rule, [holder, ...exposed, declares({ blocked: [block] })])).toHaveLength(1);
  });
});
