import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { expect, test } from "vitest";

import { explainedPolicy } from "#policies/lib/explained.ts";
import { LONGEST_LINE } from "#policies/lib/finding-text.ts";
import { inShort } from "#policies/lib/in-short.ts";
import { packOf } from "#policies/lib/to-policy.ts";

interface Reported {
  readonly message: string;
  readonly urn?: string;
}

function reportedBy(policy: StackValidationPolicy): Reported[] {
  const reported: unknown[] = [];
  const all = policy.validateStack as unknown as (args: StackValidationArgs, report: unknown) => void;
  all({ resources: [] } as unknown as StackValidationArgs, (message: unknown) => reported.push(message));
  return reported as Reported[];
}

const saying = (message: string): StackValidationPolicy => ({
  name: "example",
  description: "A sentence that the SDK puts before every message.",
  validateStack: (_, report) => {
    report(message, "urn:example");
  },
});

test("the engine is handed the message alone, with its resource", () => {
  const [reported] = reportedBy(inShort(saying("short"), packOf([])));
  // An object: a string would get the description in front. A release that takes strings only would print the same.
  expect(reported).toMatchObject({ message: "short", urn: "urn:example" });
  expect((reported as { toString: () => string }).toString()).toBe("short");
});

test("every line is cut for people, and none for programs", () => {
  const pack = packOf([]);
  const message = `first\n${"word ".repeat(100)}`;
  const [forPeople] = reportedBy(inShort(saying(message), pack));
  const lines = forPeople?.message.split("\n") ?? [];
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
  expect(lines[1]).toMatch(/word…$/);
  pack.settings = { ...pack.settings, messages: "json" };
  expect(reportedBy(inShort(saying(message), pack))[0]?.message).toBe(message);
});

test("what explains the rules is named once something was found, and to people only", () => {
  const pack = packOf([]);
  const policy = explainedPolicy(pack, "/srv/my packs/explain.cjs");
  expect(reportedBy(policy)).toEqual([]);
  pack.hasFound = true;
  expect(reportedBy(policy)[0]?.message).toMatch(/:\nnode '\/srv\/my packs\/explain\.cjs' <rule>$/);
  pack.settings = { ...pack.settings, messages: "json" };
  expect(reportedBy(policy)).toEqual([]);
});
