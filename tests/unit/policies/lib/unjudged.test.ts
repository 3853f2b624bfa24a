import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { expect, test } from "vitest";

import { LONGEST_LINE } from "#policies/lib/finding-text.ts";
import { container } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { packOf } from "#policies/lib/to-policy.ts";
import { unjudgedPolicy } from "#policies/lib/unjudged.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { asGiven, UNKNOWN } from "../support.ts";

/** What is said about the resources one by one and then about all of them, as during one preview. */
function said(resources: readonly ExampleResource[]): string[] {
  const policy = unjudgedPolicy(packOf(rules));
  const lines: string[] = [];
  const report = (line: string) => lines.push(line);
  const given = asGiven(resources);
  const one = policy.validateResource as (args: ResourceValidationArgs, report: unknown) => void;
  for (const resource of given) one(resource as unknown as ResourceValidationArgs, report);
  const all = policy.validateStack as (args: StackValidationArgs, report: unknown) => void;
  all({ resources: given } as unknown as StackValidationArgs, report);
  return lines;
}

test("one line for the stack names every property that a rule wanted to know", () => {
  const unknown = container({ user: UNKNOWN, ipcMode: UNKNOWN, stopSignal: UNKNOWN }, "gateway");
  const lines = said([unknown, container({ memory: UNKNOWN }, "other"), container({}, "plain")]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Not known before the update, and judged then: .*\.$/);
  for (const told of ["user of gateway", "ipcMode of gateway", "memory of other"]) expect(lines[0]).toContain(told);
  expect(lines[0]).not.toContain("stopSignal");
  expect(lines[0]).not.toContain("plain");
});

test("what many resources share is told once, first, and with a few of their names", () => {
  const images = Array.from({ length: 15 }, (_, index) => container({ image: UNKNOWN }, `app-${String(index + 10)}`));
  const [line = "", ...more] = said([container({ user: UNKNOWN }, "one"), ...images]);
  expect(more).toEqual([]);
  expect(line).toMatch(/then: image of app-10, app-11 and 13 more; .*user of one/);
  expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
});

test("the places of a list are one property", () => {
  const lines = said([container({ envs: ["A=b", UNKNOWN, UNKNOWN] }, "gateway")]);
  expect(lines.join().match(/envs/g)).toHaveLength(1);
});

test("nothing is said where everything is known", () => {
  expect(said([container({})])).toEqual([]);
});

test("what only a rule over the whole stack looks at is said too, and once", () => {
  const limits = { type: "garrison:container:PidLimits", name: "pids", properties: { limits: UNKNOWN } };
  expect(said([container({}), limits])).toEqual(["Not known before the update, and judged then: limits of pids."]);
});
