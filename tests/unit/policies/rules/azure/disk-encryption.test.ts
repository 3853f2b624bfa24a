import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/disk-encryption.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { storageProfile: { osDisk: { managedDisk: {} } } };
const { on, properties } = onResource(rule, "azure-native:compute:VirtualMachine", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ storageProfile: { osDisk: { vhd: {} } } }, "storageProfile.osDisk.vhd"],
  [{ storageProfile: { dataDisks: [{}, { vhd: {} }] } }, "storageProfile.dataDisks.1.vhd"],
  [
    { storageProfile: { osDisk: { encryptionSettings: { enabled: "false" } } } },
    "storageProfile.osDisk.encryptionSettings.enabled",
  ],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ storageProfile: { osDisk: { encryptionSettings: { enabled: true } } } }])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ storageProfile: { osDisk: { vhd: UNKNOWN } } }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
