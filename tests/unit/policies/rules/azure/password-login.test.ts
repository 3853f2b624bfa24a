import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/password-login.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { osProfile: { adminUsername: "operator", linuxConfiguration: { disablePasswordAuthentication: true } } };
const { on, properties } = onResource(rule, "azure-native:compute:VirtualMachine", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ osProfile: {} }, "osProfile.linuxConfiguration.disablePasswordAuthentication"],
  [
    { osProfile: { linuxConfiguration: { disablePasswordAuthentication: "false" } } },
    "osProfile.linuxConfiguration.disablePasswordAuthentication",
  ],
  [
    { osProfile: { linuxConfiguration: { disablePasswordAuthentication: true }, adminPassword: "x" } },
    "osProfile.adminPassword",
  ],
  [
    { osProfile: { linuxConfiguration: { disablePasswordAuthentication: true }, adminUsername: "Root" } },
    "osProfile.adminUsername",
  ],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([
  { osProfile: undefined },
  { osProfile: { windowsConfiguration: {}, adminPassword: "x" } },
  { osProfile: { adminPassword: "x" }, storageProfile: { osDisk: { osType: "Windows" } } },
])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([
  { osProfile: { linuxConfiguration: { disablePasswordAuthentication: UNKNOWN } } },
  { osProfile: { linuxConfiguration: UNKNOWN } },
])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
