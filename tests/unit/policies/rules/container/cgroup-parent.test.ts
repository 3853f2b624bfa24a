import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { rule } from "#policies/rules/container/cgroup-parent.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const host = (...cgroups: unknown[]): ExampleResource => ({
  type: "garrison:container:PreparedHost",
  name: "host",
  properties: { cgroups },
});
const within = (cgroupParent: unknown) => container({ cgroupParent });

test.each(["/", "", "system.slice", "/system.slice/", "SYSTEM.slice/docker.service", "init.scope", "x/../.."])(
  "%j is the system's",
  (parent) => {
    expect(onContainer(rule, { cgroupParent: parent })).toHaveLength(1);
  },
);

test("no parent is right, and one of which nobody shows a limit is not", () => {
  expect(onContainer(rule, { cgroupParent: undefined })).toEqual([]);
  for (const parent of ["garrison.slice", "/batch", "docker"]) {
    expect(onContainer(rule, { cgroupParent: parent })).toEqual([`cgroupParent: "${parent}"`]);
  }
});

test("where groups are prepared, it is one of them, with a limit", () => {
  const prepared = host({ cgroup: "a.slice", pids: 64 }, { cgroup: "b.slice", pids: 0 }, { cgroup: "c.slice" });
  expect(findings(rule, [within("a.slice"), prepared])).toEqual([]);
  expect(findings(rule, [within(undefined), prepared])).toEqual([]);
  for (const parent of ["b.slice", "c.slice", "d.slice"]) {
    expect(findings(rule, [within(parent), prepared])).toEqual([`cgroupParent: "${parent}"`]);
  }
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [within(UNKNOWN)]).verdicts).toEqual([]);
  const late: ExampleResource = { ...host(), properties: { cgroups: UNKNOWN } };
  expect(run(rule, [within("x.slice"), late]).verdicts).toEqual([]);
});
