import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/no-new-privileges.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  "no-new-privileges",
  "no-new-privileges:true",
  "no-new-privileges=true",
  "no-new-privileges=1",
  "no-new-privileges:T",
])("%s is on", (option) => {
  expect(onContainer(rule, { securityOpts: ["seccomp=builtin", option] })).toEqual([]);
});

test.each([
  "no-new-privileges:false",
  "no-new-privileges=false",
  "no-new-privileges:0",
  "no-new-privileges:",
  "no-new-privileges:yes",
])("%s is off", (option) => {
  expect(onContainer(rule, { securityOpts: [option] })).toEqual([`securityOpts.0: "${option}"`]);
});

test("without the option it is off", () => {
  for (const securityOpts of [undefined, [], ["apparmor=docker-default"], ["no-new-privileges-at-all"]]) {
    expect(onContainer(rule, { securityOpts })).toEqual(["securityOpts: without no-new-privileges"]);
  }
});

test("the last one wins", () => {
  expect(onContainer(rule, { securityOpts: ["no-new-privileges=false", "no-new-privileges"] })).toEqual([]);
  expect(onContainer(rule, { securityOpts: ["no-new-privileges:true", "no-new-privileges=false"] })).toEqual([
    'securityOpts.1: "no-new-privileges=false", which overrides the earlier one',
  ]);
});

test("an unknown option may be the one", () => {
  expect(run(rule, [container({ securityOpts: [UNKNOWN] })])).toEqual({ verdicts: [], unknown: ["securityOpts.0"] });
});
