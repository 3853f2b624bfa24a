import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/custom-data.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { osProfile: { customData: "I2Nsb3VkLWNvbmZpZwo=" } };
const { on, properties } = onResource(rule, "azure-native:compute:VirtualMachine", base);

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
