import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/health-check.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  undefined,
  {},
  { tests: [] },
  { tests: ["NONE"] },
  { tests: ["CMD"] },
  { tests: ["CMD", ""] },
  { tests: ["true"] },
])("%j checks nothing", (healthcheck) => {
  expect(onContainer(rule, { healthcheck })).toHaveLength(1);
});

test.each([{ tests: ["CMD", "true"] }, { tests: ["CMD-SHELL", "exit 0"] }, { tests: ["cmd", "true"] }])(
  "%j does",
  (healthcheck) => {
    expect(onContainer(rule, { healthcheck })).toEqual([]);
  },
);

test("a job is asked for none", () => {
  expect(onContainer(rule, { healthcheck: undefined, mustRun: false })).toEqual([]);
  expect(onContainer(rule, { healthcheck: undefined, attach: true })).toEqual([]);
  expect(onContainer(rule, { healthcheck: undefined, mustRun: true })).toHaveLength(1);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ healthcheck: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["healthcheck"] });
});
