import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/disk-export.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { networkAccessPolicy: "DenyAll" };
const { on, properties } = onResource(rule, "azure-native:compute:Disk", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ networkAccessPolicy: undefined }, "networkAccessPolicy"],
  [{ networkAccessPolicy: "AllowAll", publicNetworkAccess: "Enabled" }, "networkAccessPolicy"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ networkAccessPolicy: "denyall" }, { networkAccessPolicy: undefined, publicNetworkAccess: "disabled" }])(
  "%j is accepted",
  (changes) => {
    expect(properties(changes)).toEqual([]);
  },
);

test.each([{ networkAccessPolicy: UNKNOWN }, { networkAccessPolicy: undefined, publicNetworkAccess: UNKNOWN }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
