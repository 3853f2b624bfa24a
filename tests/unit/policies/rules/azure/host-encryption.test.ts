import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/host-encryption.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { securityProfile: { encryptionAtHost: true } };
const { on, properties } = onResource(rule, "azure-native:compute:VirtualMachine", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ securityProfile: undefined }, "securityProfile.encryptionAtHost"],
  [{ securityProfile: { encryptionAtHost: false } }, "securityProfile.encryptionAtHost"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ securityProfile: { encryptionAtHost: "true" } }, { securityProfile: { securityType: "confidentialvm" } }])(
  "%j is accepted",
  (changes) => {
    expect(properties(changes)).toEqual([]);
  },
);

test.each([{ securityProfile: { encryptionAtHost: UNKNOWN } }, { securityProfile: { securityType: UNKNOWN } }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
