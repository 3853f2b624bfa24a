import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/storage-access.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { allowSharedKeyAccess: false, publicNetworkAccess: "Disabled" };
const { on, properties } = onResource(rule, "azure-native:storage:StorageAccount", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ allowBlobPublicAccess: true }, "allowBlobPublicAccess"],
  [{ allowSharedKeyAccess: undefined }, "allowSharedKeyAccess"],
  [{ allowSharedKeyAccess: "true" }, "allowSharedKeyAccess"],
  [{ publicNetworkAccess: "Enabled" }, "networkRuleSet.defaultAction"],
  [
    {
      publicNetworkAccess: undefined,
      networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "0.0.0.0/0" }] },
    },
    "networkRuleSet.ipRules.0.iPAddressOrRange",
  ],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ publicNetworkAccess: "Enabled", networkRuleSet: { defaultAction: "deny" } }])(
  "%j is accepted",
  (changes) => {
    expect(properties(changes)).toEqual([]);
  },
);

test.each([
  { publicNetworkAccess: UNKNOWN },
  { allowSharedKeyAccess: UNKNOWN },
  { publicNetworkAccess: "Enabled", networkRuleSet: UNKNOWN },
])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
