import { container } from "#lib/examples.ts";
import { findingsIn, findingsOn, waivableBy } from "#lib/judge.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Context, Example, Finding, Rule } from "#lib/rule.ts";
import type { ConfiguredWaiver } from "#lib/settings.ts";
import { flawsOf } from "#lib/waivers.ts";

const EXPECTED = {
  reason: "a reason in words",
  owner: "who answers for it",
  expires: "a date, as YYYY-MM-DD",
};

const waiver = {
  rule: "container.read-only-root",
  resource: "urn:pulumi:test::test::docker:index/container:Container::example",
  reason: "writes its configuration under /opt at every start",
  owner: "security",
  expires: "2027-06-30",
};

export const rule: Rule = {
  id: "waiver.configured",
  title: "Every waiver in the pack configuration is complete and needed.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "A waiver that names nothing, or that nobody owns, looks like a decision and is none.",
  fix: "Correct the entry of `waivers` in the pack configuration, or remove it.",
  waivable: "never",
  types: [],
  checkStack: (stack, context) =>
    context.settings.waivers.flatMap((one, index) =>
      [...recordFlaws(one), ...targetFlaws(one, stack, context)].map(({ field, found, expected }): Finding => ({
        property: `pack.settings: waivers.${String(index)}.${field}`,
        found,
        expected,
      })),
    ),
  examples: {
    good: [example("A complete waiver of what is there", {}, false)],
    bad: [
      example("No such rule", { rule: "container.readonly-root" }),
      example("A rule that nothing waives", { rule: "waiver.unknown" }),
      example("No such resource", { resource: `${waiver.resource}-old` }),
      example("Nothing to waive", {}, true),
      example("No reason to speak of", { reason: "needed" }),
      example("Nobody's", { owner: "" }),
      example("A day that does not exist", { expires: "2027-02-30" }),
    ],
  },
};

interface Flaw {
  readonly field: keyof ConfiguredWaiver;
  readonly found: string;
  readonly expected: string;
}

function recordFlaws(one: ConfiguredWaiver): Flaw[] {
  return flawsOf(one).map(({ field, found }) => ({ field, found, expected: EXPECTED[field] }));
}

function targetFlaws(one: ConfiguredWaiver, stack: Stack, context: Context): Flaw[] {
  const waived = context.rules.find(({ id }) => id === one.rule);
  if (waived === undefined || waived.waivable === "never") {
    const found = waived === undefined ? show(one.rule) : `${show(one.rule)}, which nothing waives`;
    return [{ field: "rule", found, expected: "the id of a rule that can be waived" }];
  }
  const resource = stack.byUrn.get(one.resource);
  if (resource === undefined) {
    return [{ field: "resource", found: show(one.resource), expected: "the URN of a resource of this program" }];
  }
  // Asked first: only what a rule has looked at can turn out to be unknown.
  if (covers(waived, resource, stack, context) || resource.unknowns.any) return [];
  const found = `${show(one.rule)}, which finds nothing here that it could waive`;
  return [{ field: "rule", found, expected: "no such waiver" }];
}

function covers(waived: Rule, resource: Resource, stack: Stack, context: Context): boolean {
  const own = { ...context, config: {} };
  const onStack = findingsIn(waived, stack, own).filter(({ urn }) => urn === resource.urn);
  return [...findingsOn(waived, resource, own), ...onStack].some((finding) => waivableBy(waived, finding) !== "never");
}

function example(title: string, changes: Partial<ConfiguredWaiver>, readOnly = false): Example {
  return {
    title,
    settings: { waivers: [{ ...waiver, ...changes }] },
    resources: [container({ readOnly })],
  };
}
