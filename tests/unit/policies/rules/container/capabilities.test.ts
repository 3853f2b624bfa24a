import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/capabilities.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const waived = labels({ "garrison.waivers": "container.capabilities" });

test.each(["ALL", "all", "CAP_ALL", "cap_all", " ALL "])("%j drops everything", (all) => {
  expect(onContainer(rule, { capabilities: { drops: ["NET_RAW", all] } })).toEqual([]);
});

test.each([undefined, {}, { drops: [] }])("%j drops nothing", (capabilities) => {
  expect(onContainer(rule, { capabilities })).toEqual(["capabilities.drops: not set"]);
});

test("a list of some is not all", () => {
  expect(onContainer(rule, { capabilities: { drops: ["NET_RAW", "SMALL"] } })).toEqual([
    'capabilities.drops: ["NET_RAW","SMALL"]',
  ]);
});

test("every added capability is a finding of its own", () => {
  expect(onContainer(rule, { capabilities: { drops: ["ALL"], adds: ["CHOWN", "CAP_SETUID"] } })).toEqual([
    'capabilities.adds.0: "CHOWN"',
    'capabilities.adds.1: "CAP_SETUID"',
  ]);
});

test("a waiver covers named capabilities, and never ALL added back", () => {
  expect(onContainer(rule, { capabilities: { drops: ["ALL"], adds: ["CHOWN"] }, labels: waived })).toEqual([]);
  expect(onContainer(rule, { capabilities: { drops: ["ALL"], adds: ["CHOWN", "Cap_All"] }, labels: waived })).toEqual([
    'capabilities.adds.1: "Cap_All"',
  ]);
});

test("an unknown drop may be ALL, so that nothing is said about drops", () => {
  const { verdicts, unknown } = run(rule, [container({ capabilities: { drops: ["CHOWN", UNKNOWN], adds: ["KILL"] } })]);
  expect(verdicts.map(({ finding }) => finding.property)).toEqual(["capabilities.adds.0"]);
  expect(unknown).toEqual(["capabilities.drops.1"]);
});

test("nothing is concluded when the whole set is unknown", () => {
  expect(run(rule, [container({ capabilities: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["capabilities"] });
});
