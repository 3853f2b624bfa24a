import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/security-profiles.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const NNP = "no-new-privileges:true";
const found = (...options: unknown[]) => onContainer(rule, { securityOpts: [NNP, ...options] });

test.each([
  ["seccomp=unconfined", "seccomp, unconfined"],
  ["seccomp:UNCONFINED", "seccomp, unconfined"],
  [" seccomp = unconfined ", "seccomp, unconfined"],
  ["AppArmor=unconfined", "apparmor, unconfined"],
  ["label=disable", '"label=disable"'],
  ["label:Disable", '"label=Disable"'],
  ["systempaths=unconfined", '"systempaths=unconfined"'],
])("%s", (option, expected) => {
  expect(found(option)).toEqual([`securityOpts.1: ${expected}`]);
});

test.each([
  "seccomp=builtin",
  "seccomp=/etc/docker/strict.json",
  "apparmor=docker-default",
  "label=type:container_t",
  "label=level:s0:c1,c2",
  "systempaths=",
  "unconfined",
  "seccomp",
])("%s passes", (option) => {
  expect(found(option)).toEqual([]);
});

test("of repeated options the last wins, and labels add up", () => {
  expect(found("seccomp=unconfined", "seccomp=builtin")).toEqual([]);
  expect(found("seccomp=builtin", "seccomp:unconfined")).toEqual(["securityOpts.2: seccomp, unconfined"]);
  expect(found("label=disable", "label=type:container_t")).toHaveLength(1);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ securityOpts: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["securityOpts"] });
});
