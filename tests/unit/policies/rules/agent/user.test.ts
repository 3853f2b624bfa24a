import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/user.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, program } = scene("t");

test.each([undefined, "", "root", "node", "0", "0:0", "00", "+0", "-1", "1.5"])("finds the user %j", (user) => {
  expect(findings(rule, [agent({ user })])).toHaveLength(1);
});

test.each([
  ["20001:20001", "20001:20001"],
  ["20001", "20001:1"],
  ["020001", "20001"],
])("finds one user for two agents: %s and %s", (first, second) => {
  const { verdicts } = run(rule, [agent({ user: first }, "one"), agent({ user: second }, "two")]);
  expect(verdicts.map(({ resource }) => resource?.name)).toEqual(["t-two"]);
});

test("accepts numbers of their own, and leaves other programs alone", () => {
  expect(findings(rule, [agent({ user: 20001 }, "one"), agent({ user: "20002" }, "two")])).toEqual([]);
  expect(findings(rule, [agent({ user: "20001" }), program("other", [], { user: "20001" })])).toEqual([]);
});

test("concludes nothing from what preview cannot know", () => {
  expect(findings(rule, [agent({ user: UNKNOWN }), agent({ user: UNKNOWN }, "two")])).toEqual([]);
});
