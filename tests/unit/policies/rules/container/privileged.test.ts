import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/privileged.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const waived = { privileged: true, labels: labels({ "garrison.waivers": "container.privileged" }) };

test("only true is privileged, written as a boolean or as text", () => {
  expect(onContainer(rule, {})).toEqual([]);
  expect(onContainer(rule, { privileged: false })).toEqual([]);
  expect(onContainer(rule, { privileged: true })).toEqual(["privileged: true"]);
  expect(onContainer(rule, { privileged: "true" })).toEqual(["privileged: true"]);
});

test("a label does not waive it unless the pack configuration says so", () => {
  expect(onContainer(rule, waived)).toEqual(["privileged: true"]);
  expect(run(rule, [container(waived)]).verdicts[0]?.waiverRefused).toBe(true);
  expect(findings(rule, [container(waived)], { config: { waivableByLabel: true } })).toEqual([]);
});

test("what preview cannot know is named, not judged", () => {
  expect(run(rule, [container({ privileged: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["privileged"] });
});

test("nothing waives it for an agent", () => {
  const waived = labels({ "garrison.waivers": "container.privileged", "garrison.role": "agent" });
  expect(onContainer(rule, { privileged: true, labels: waived }, { config: { waivableByLabel: true } })).toHaveLength(
    1,
  );
});
