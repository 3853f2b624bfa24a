import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/read-only-root.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const waived = labels({ "garrison.waivers": "container.digest, container.read-only-root" });

test("only true is read-only", () => {
  expect(onContainer(rule, { readOnly: true })).toEqual([]);
  expect(onContainer(rule, { readOnly: "true" })).toEqual([]);
  expect(onContainer(rule, { readOnly: false })).toEqual(["readOnly: false"]);
  expect(onContainer(rule, { readOnly: undefined })).toEqual(["readOnly: not set"]);
});

test("a waiver among others turns the finding off, unless the configuration forbids waivers", () => {
  expect(onContainer(rule, { readOnly: false, labels: waived })).toEqual([]);
  expect(onContainer(rule, { readOnly: false, labels: waived }, { config: { waivableByLabel: false } })).toEqual([
    "readOnly: false",
  ]);
});

test("another rule's waiver does not", () => {
  const other = labels({ "garrison.waivers": "container.read-only-root-not" });
  expect(onContainer(rule, { readOnly: false, labels: other })).toEqual(["readOnly: false"]);
});

test("unknown is named", () => {
  expect(run(rule, [container({ readOnly: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["readOnly"] });
});
