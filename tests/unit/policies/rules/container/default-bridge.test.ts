import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/default-bridge.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([undefined, "", "bridge", "default"])("mode %j without networks is the bridge", (networkMode) => {
  const shown = networkMode === undefined ? "not set" : JSON.stringify(networkMode);
  expect(onContainer(rule, { networkMode, networksAdvanced: undefined })).toEqual([`networkMode: ${shown}`]);
  expect(onContainer(rule, { networkMode, networksAdvanced: [] })).toEqual([`networkMode: ${shown}`]);
});

test.each(["none", "my-net", "bridge-of-mine"])("mode %j is not", (networkMode) => {
  expect(onContainer(rule, { networkMode, networksAdvanced: undefined })).toEqual([]);
});

test("the provider's own default mode beside named networks is left before the start", () => {
  expect(onContainer(rule, { networkMode: "bridge" })).toEqual([]);
});

test("the bridge among named networks is found", () => {
  expect(onContainer(rule, { networksAdvanced: [{ name: "bridge" }, { name: "mine" }] })).toEqual([
    'networksAdvanced.0.name: "bridge"',
  ]);
});

test.each([
  [{ networkMode: UNKNOWN, networksAdvanced: undefined }, ["networkMode"]],
  [{ networkMode: undefined, networksAdvanced: UNKNOWN }, ["networksAdvanced"]],
  [{ networksAdvanced: [{ name: UNKNOWN }] }, ["networksAdvanced.0.name"]],
])("unknown in %j", (changes, unknown) => {
  expect(run(rule, [container(changes)])).toEqual({ verdicts: [], unknown });
});
