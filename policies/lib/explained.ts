import type { StackValidationPolicy } from "@pulumi/policy";

import { onlyMessage } from "./sdk.ts";
import { quoted } from "./shell/quoted.ts";
import type { Pack } from "./to-policy.ts";

const EXPLAINED_ID = "pack.explained";

/**
 * Says once, where anything was found, what to type for the rest: a finding of one line has no room for reason and fix.
 * @param program that explains a rule
 */
export function explainedPolicy(pack: Pack, program: string): StackValidationPolicy {
  return {
    name: EXPLAINED_ID,
    displayName: EXPLAINED_ID,
    description: "Each rule can be looked up.",
    severity: "low",
    enforcementLevel: "advisory",
    validateStack: (_, report) => {
      if (!pack.hasFound || pack.settings.messages === "json") return;
      const command = `node ${/[^\w./@+-]/.test(program) ? quoted(program) : program}`;
      report(onlyMessage(`Why a rule is there, what mends a finding and who may waive it:\n${command} <rule>`));
    },
  };
}
