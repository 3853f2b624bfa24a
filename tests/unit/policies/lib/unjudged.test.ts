import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { expect, test } from "vitest";

import { container } from "../../../../policies/lib/examples.ts";
import type { ExampleResource } from "../../../../policies/lib/rule.ts";
import { packOf } from "../../../../policies/lib/to-policy.ts";
import { unjudgedPolicy } from "../../../../policies/lib/unjudged.ts";
import { rules } from "../../../../policies/rules/catalogue.ts";
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

test("one line for each resource names every property that a rule wanted to know", () => {
  const unknown = container({ user: UNKNOWN, ipcMode: UNKNOWN, stopSignal: UNKNOWN }, "gateway");
  const lines = said([unknown, container({ memory: UNKNOWN }, "other"), container({}, "plain")]);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^gateway: .*are not known before the update/);
  expect(lines[0]).toContain("user");
  expect(lines[0]).toContain("ipcMode");
  expect(lines[0]).not.toContain("stopSignal");
  expect(lines[1]).toBe(
    "other: memory is not known before the update, so it will be judged then. A plain value is judged at preview.",
  );
});

test("what only a rule over the whole stack looks at is said too, and once", () => {
  const limits = { type: "garrison:container:PidLimits", name: "pids", properties: { limits: UNKNOWN } };
  expect(said([container({}), limits])).toEqual([expect.stringMatching(/^pids: limits is not known/)]);
});
