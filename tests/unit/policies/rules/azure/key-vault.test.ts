import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/key-vault.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { properties: { enablePurgeProtection: true, publicNetworkAccess: "Disabled" } };
const { on, properties } = onResource(rule, "azure-native:keyvault:Vault", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ properties: { publicNetworkAccess: "Disabled" } }, "properties.enablePurgeProtection"],
  [
    { properties: { enablePurgeProtection: true, publicNetworkAccess: "Disabled", enableSoftDelete: false } },
    "properties.enableSoftDelete",
  ],
  [{ properties: { enablePurgeProtection: true } }, "properties.networkAcls.defaultAction"],
  [
    {
      properties: {
        enablePurgeProtection: true,
        publicNetworkAccess: "Disabled",
        accessPolicies: [{ permissions: { keys: ["get", "Purge"] } }],
      },
    },
    "properties.accessPolicies.0.permissions.keys.1",
  ],
  [
    {
      properties: {
        enablePurgeProtection: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "0.0.0.0/1" }] },
      },
    },
    "properties.networkAcls.ipRules.0.value",
  ],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  {
    properties: {
      enablePurgeProtection: true,
      publicNetworkAccess: "Disabled",
      enableRbacAuthorization: true,
      accessPolicies: [{ permissions: { keys: ["all"] } }],
    },
  },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([
  { properties: { publicNetworkAccess: "Disabled", enablePurgeProtection: UNKNOWN } },
  { properties: { enablePurgeProtection: true, publicNetworkAccess: UNKNOWN } },
])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
