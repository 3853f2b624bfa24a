import { expect, test } from "vitest";

import { rule } from "../../../../../policies/rules/azure/custom-data.ts";
import { run, UNKNOWN } from "../../support.ts";

const base = { osProfile: { customData: "I2Nsb3VkLWNvbmZpZwo=" } };
const on = (changes: object) =>
  run(rule, [{ type: "azure-native:compute:VirtualMachine", name: "example", properties: { ...base, ...changes } }]);
const properties = (changes: object) => on(changes).verdicts.map(({ finding }) => finding.property);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ osProfile: { customData: Buffer.from("password: c0rrect-Horse").toString("base64") } }, "osProfile.customData"],
  [{ userData: Buffer.from("password: c0rrect-Horse").toString("base64") }, "userData"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ osProfile: {} }])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ osProfile: { customData: UNKNOWN } }])("nothing is concluded from what is not known in %j", (changes) => {
  const { verdicts, unknown } = on(changes);
  expect(verdicts).toEqual([]);
  expect(unknown).not.toEqual([]);
});
