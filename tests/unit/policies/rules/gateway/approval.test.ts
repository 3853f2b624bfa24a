import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/gateway/approval.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, program } = scene("t");
const capable = (capability: Readonly<Record<string, unknown>>) =>
  findings(rule, [
    program("gateway", []),
    program("approver", []),
    declares({}, { gateway: { capabilities: [{ name: "mail", destructive: true, ...capability }] } }),
  ]);

test.each([
  [{ approval: { by: "t-approver", expiresMinutes: 30 } }],
  [{ approval: { by: "operator", expiresMinutes: 1440 } }],
  [{ destructive: false }],
])("accepts %j", (capability) => {
  expect(capable(capability)).toEqual([]);
});

test.each([
  [{}, '"mail", which nobody approves'],
  [{ approval: {} }, '"mail", which nobody approves'],
  [{ approval: { by: "t-gateway", expiresMinutes: 30 } }, '"mail", which it approves itself'],
  [{ approval: { by: "t-nobody", expiresMinutes: 30 } }, '"mail", approved by "t-nobody", which does not exist'],
  [{ approval: { by: "t-approver" } }, '"mail", approved for Infinity minutes'],
  [{ approval: { by: "t-approver", expiresMinutes: 0 } }, '"mail", approved for 0 minutes'],
  [{ approval: { by: "t-approver", expiresMinutes: 1441 } }, '"mail", approved for 1441 minutes'],
])("finds %j", (capability, expected) => {
  expect(capable(capability)).toEqual([`garrisonDeclarations.capabilities: ${expected}`]);
});
