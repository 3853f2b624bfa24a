import { expect, test } from "vitest";

import { rule } from "../../../../../policies/rules/azure/disk-export.ts";
import { run, UNKNOWN } from "../../support.ts";

const base = { networkAccessPolicy: "DenyAll" };
const on = (changes: object) =>
  run(rule, [{ type: "azure-native:compute:Disk", name: "example", properties: { ...base, ...changes } }]);
const properties = (changes: object) => on(changes).verdicts.map(({ finding }) => finding.property);

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
