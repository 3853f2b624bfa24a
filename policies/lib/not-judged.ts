import type { StackValidationPolicy } from "@pulumi/policy";

import { HARMLESS } from "./harmless-types.ts";
import { openStack } from "./resource.ts";
import type { Rule } from "./rule.ts";
import type { Pack } from "./to-policy.ts";

const NOT_JUDGED_ID = "pack.not-judged";

/** The providers whose resources the pack judges. Of any other provider a reader expects nothing. */
const IN_SCOPE = /^(?:azure-native|azure|cloudflare|docker|docker-build):/;
const SHOWN = 8;

/**
 * Says in one line for the whole stack which types of a provider in scope no rule looks at. Without it silence would mean
 * both "all is well" and "nobody looked".
 */
export function notJudgedPolicy(pack: Pack): StackValidationPolicy {
  return {
    name: NOT_JUDGED_ID,
    displayName: NOT_JUDGED_ID,
    description: "Types that no rule looks at are named.",
    severity: "low",
    enforcementLevel: "advisory",
    validateStack: (args, report) => {
      const stack = openStack(args.resources, pack.inputs);
      const types = typesNotJudged(
        stack.resources.map(({ type }) => type),
        pack.rules,
      );
      if (types.length > 0) report(message(types));
    },
  };
}

/** The types in scope that no rule of these looks at and that are not known to be harmless, each once. */
function typesNotJudged(types: Iterable<string>, rules: readonly Rule[]): string[] {
  const judged = new Set(rules.flatMap((rule) => [...rule.types, ...(rule.looksAt ?? [])]));
  return [...new Set(types)].filter((type) => IN_SCOPE.test(type) && !judged.has(type) && !HARMLESS.has(type)).sort();
}

function message(types: readonly string[]): string {
  const more = types.length > SHOWN ? ` and ${String(types.length - SHOWN)} more` : "";
  return `Not judged, because no rule knows these types: ${types.slice(0, SHOWN).join(", ")}${more}.`;
}
