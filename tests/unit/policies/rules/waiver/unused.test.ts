import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/waiver/unused.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const waivers = (ids: string, more = {}) => ({ labels: labels({ "garrison.waivers": ids, ...more }) });

test("only the waivers that find nothing are named", () => {
  const changes = { readOnly: false, ...waivers("container.read-only-root,container.user") };
  expect(onContainer(rule, changes)).toEqual(["labels: a waiver of container.user, which finds nothing here"]);
});

test("a waiver that does not count is used all the same", () => {
  expect(onContainer(rule, { privileged: true, ...waivers("container.privileged") })).toEqual([]);
});

test("limits are looked at in the whole stack", () => {
  expect(onContainer(rule, waivers("container.limits"))).toHaveLength(1);
  expect(onContainer(rule, { memory: 0, ...waivers("container.limits") })).toEqual([]);
  const service = container(waivers("container.limits", { "garrison.service": "example" }));
  expect(findings(rule, [service])).toEqual([]);
  const pids = { type: "garrison:container:PidLimits", name: "pids", properties: { limits: { example: 64 } } };
  expect(findings(rule, [service, pids])).toHaveLength(1);
});

test("nothing is called unused that preview cannot judge", () => {
  expect(run(rule, [container({ user: UNKNOWN, ...waivers("container.user") })]).verdicts).toEqual([]);
  expect(run(rule, [container({ memory: UNKNOWN, ...waivers("container.limits") })]).verdicts).toEqual([]);
});

test("unknown ids are left to waiver.unknown", () => {
  expect(onContainer(rule, waivers("nope"))).toEqual([]);
});
