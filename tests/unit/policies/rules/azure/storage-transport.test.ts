import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/storage-transport.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { minimumTlsVersion: "TLS1_2" };
const { on, properties } = onResource(rule, "azure-native:storage:StorageAccount", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ enableHttpsTrafficOnly: false }, "enableHttpsTrafficOnly"],
  [{ supportsHttpsTrafficOnly: "false" }, "supportsHttpsTrafficOnly"],
  [{ minimumTlsVersion: "TLS1_1" }, "minimumTlsVersion"],
  [{ minimumTlsVersion: undefined }, "minimumTlsVersion"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ minimumTlsVersion: "tls1_3" }])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ minimumTlsVersion: UNKNOWN }, { enableHttpsTrafficOnly: UNKNOWN }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
