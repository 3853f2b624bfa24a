import { describe, expect, test } from "vitest";

import { on, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/rule-of-two.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, declares, network, program } = scene("t");
const trusted = (trust: string, changes = {}) => agent(changes, "agent", { "garrison.trust": trust });
const out = [network("out"), program("egress-proxy", ["out"])];

test.each(["", "untrusted-input", "untrusted-input,private-data", "private-data,acts", "untrusted-input, acts"])(
  "accepts %j on no network",
  (trust) => {
    expect(findings(rule, [trusted(trust)])).toEqual([]);
  },
);

test.each(["untrusted-input,private-data,acts", " Acts , PRIVATE-DATA,untrusted-input"])(
  "finds all three: %j",
  (trust) => {
    expect(findings(rule, [trusted(trust)])).toHaveLength(1);
  },
);

test("declared by a component and by a label, they add up", () => {
  const more = declares({}, { agent: { trust: ["private-data"] } });
  expect(findings(rule, [trusted("untrusted-input,acts")])).toEqual([]);
  expect(findings(rule, [trusted("untrusted-input,acts"), more])).toHaveLength(1);
});

describe("the graph counts where it says more", () => {
  test.each([
    ["a network that leads out", [network("out", { internal: false })]],
    ["the egress proxy", out],
  ])("%s takes in and acts", (_, others) => {
    expect(findings(rule, [...others, trusted("private-data", on(["t-out"]))])).toHaveLength(1);
    expect(findings(rule, [...others, trusted("", on(["t-out"]))])).toEqual([]);
  });

  test.each([
    ["memory", [network("memory"), program("memory-service", ["memory"])], on(["t-memory", "t-out"])],
    ["keys", [], { ...on(["t-out"]), mounts: [{ type: "bind", source: "/srv/credentials", target: "/c" }] }],
    [
      "the memory's volume",
      [
        program("memory-store", [], { volumes: [{ volumeName: "m", containerPath: "/m" }] }),
        program("backup", [], { volumes: [{ volumeName: "m", containerPath: "/m" }] }),
      ],
      { ...on(["t-out"]), volumes: [{ volumeName: "m", containerPath: "/m", readOnly: true }] },
    ],
  ] as const)("%s are private data", (_, others, changes) => {
    expect(findings(rule, [...out, ...others, agent(changes)])).toHaveLength(1);
  });
});

describe("an approval", () => {
  const approved = (approval: Readonly<Record<string, unknown>>) => [
    trusted("untrusted-input,private-data,acts"),
    program("approver", []),
    declares({}, { agent: { capabilities: [{ name: "mail", destructive: true, approval }] } }),
  ];

  test.each([
    { by: "t-approver", expiresMinutes: 30 },
    { by: "operator", expiresMinutes: 1 },
  ])("is enough: %j", (approval) => {
    expect(findings(rule, approved(approval))).toEqual([]);
  });

  test.each([
    { by: "t-nobody", expiresMinutes: 30 },
    { by: "t-approver" },
    { by: "t-approver", expiresMinutes: 0 },
    {},
  ])("is not: %j", (approval) => {
    expect(findings(rule, approved(approval))).toHaveLength(1);
  });
});

test("judges whoever says what it is trusted with, and nobody else", () => {
  const gateway = program("gateway", ["out"]);
  expect(findings(rule, [...out, gateway])).toEqual([]);
  expect(findings(rule, [...out, gateway, declares({}, { gateway: { trust: ["private-data"] } })])).toHaveLength(1);
});
