import { expect, test } from "vitest";

import { rule } from "../../../../../policies/rules/azure/password-login.ts";
import { run, UNKNOWN } from "../../support.ts";

const base = { osProfile: { adminUsername: "operator", linuxConfiguration: { disablePasswordAuthentication: true } } };
const on = (changes: object) =>
  run(rule, [{ type: "azure-native:compute:VirtualMachine", name: "example", properties: { ...base, ...changes } }]);
const properties = (changes: object) => on(changes).verdicts.map(({ finding }) => finding.property);

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
