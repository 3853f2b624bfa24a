import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/process-limit-advice.ts";
import { findings } from "#tests/unit/policies/support.ts";

test("one line for a whole program of others", () => {
  expect(rule.level).toBe("advisory");
  expect(findings(rule, [container({}, "a"), container({}, "b")])).toEqual([
    "process limit: unproven for 2 containers",
  ]);
  expect(findings(rule, [container({})])).toEqual(["process limit: unproven for 1 container"]);
});

test("none for an estate, where container.limits judges it, and none without containers", () => {
  expect(findings(rule, [container({ labels: labels({ "garrison.estate": "demo" }) })])).toEqual([]);
  expect(findings(rule, [])).toEqual([]);
});

test("a waiver's label alone makes no estate", () => {
  const waiver = labels({ "garrison.waivers": "container.user" });
  expect(findings(rule, [container({ labels: waiver })])).toHaveLength(1);
});
