import type { StackValidationPolicy } from "@pulumi/policy";

import { LONGEST_LINE, wrapped } from "./finding-text.ts";
import { findingsIn, findingsOn, isWaived } from "./judge.ts";
import { waiversOf } from "./labels.ts";
import type { Resource, Stack } from "./resource.ts";
import { openStack } from "./resource.ts";
import type { Context } from "./rule.ts";
import type { Pack } from "./to-policy.ts";

const WAIVED_ID = "pack.waived";

/** Says in one line which findings are waived and where, so that a reviewer of a preview sees them. */
export function waivedPolicy(pack: Pack): StackValidationPolicy {
  return {
    name: WAIVED_ID,
    displayName: WAIVED_ID,
    description: "What is waived is shown.",
    severity: "low",
    enforcementLevel: "advisory",
    validateStack: (args, report) => {
      const byRule = waivedIn(openStack(args.resources, pack.inputs), pack);
      if (byRule.size === 0) return;
      const parts = [...byRule].map(([id, names]) => `${id} (${names.join(", ")})`);
      report(wrapped(`Waived: ${parts.join("; ")}.`, LONGEST_LINE));
    },
  };
}

/** Names of the resources on which a rule would find something without their waivers, by rule. */
function waivedIn(stack: Stack, pack: Pack): ReadonlyMap<string, readonly string[]> {
  const candidates = stack.resources.filter((resource) => namesOf(resource, pack).length > 0);
  const byRule = pack.rules.map((rule) => {
    const context: Context = { ...pack, config: pack.configs.get(rule.id) ?? {} };
    const named = candidates.filter((resource) => namesOf(resource, pack).includes(rule.id));
    const onStack = named.length === 0 ? [] : findingsIn(rule, stack, context);
    const waived = named.filter((resource) =>
      [...findingsOn(rule, resource, context), ...onStack.filter(({ urn }) => urn === resource.urn)].some((finding) =>
        isWaived(rule, finding, resource, context),
      ),
    );
    return [rule.id, waived.map(({ name }) => name).sort()] as const;
  });
  return new Map(byRule.filter(([, names]) => names.length > 0));
}

/** Ids of the rules that a waiver of the resource names. */
function namesOf(resource: Resource, { settings }: Pack): string[] {
  const configured = settings.waivers.filter(({ resource: urn }) => urn === resource.urn).map(({ rule }) => rule);
  return [...waiversOf(resource), ...configured];
}
