import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/devices.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  [{ devices: [{ hostPath: "/dev/kmsg" }] }, 'devices.0.hostPath: "/dev/kmsg"'],
  [{ deviceCgroupRules: ["a *:* rwm"] }, 'deviceCgroupRules.0: "a *:* rwm"'],
  [{ deviceRequests: [{ count: -1 }] }, 'deviceRequests.0.driver: a request for devices of "any driver"'],
  [{ gpus: "0" }, 'gpus: "0"'],
])("%j", (given, expected) => {
  expect(onContainer(rule, given)).toEqual([expected]);
});

test.each([{}, { devices: [] }, { gpus: "" }, { deviceCgroupRules: [] }])("%j gives none", (given) => {
  expect(onContainer(rule, given)).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ gpus: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["gpus"] });
});
