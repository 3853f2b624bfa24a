import type {
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { Verdict } from "./judge.ts";
import { judge, judgeStack } from "./judge.ts";
import type { Resource } from "./resource.ts";
import { openResource, openStack } from "./resource.ts";
import type { Rule } from "./rule.ts";

/**
 * Hands a rule to the engine. A rule that judges single resources and the whole stack becomes one policy with both
 * callbacks, so that its id is one name in reports, configurations and waivers.
 */
export function toPolicy(rule: Rule, rules: readonly Rule[]): ResourceValidationPolicy | StackValidationPolicy {
  return {
    name: rule.id,
    displayName: rule.id,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel: rule.level,
    remediationSteps: rule.fix,
    tags: [...rule.references],
    configSchema: configSchema(rule),
    ...(rule.check && { validateResource: resourceValidation(rule, rules) }),
    ...(rule.checkStack && { validateStack: stackValidation(rule, rules) }),
  };
}

function resourceValidation(rule: Rule, rules: readonly Rule[]) {
  return (args: ResourceValidationArgs, report: (message: string) => void): void => {
    if (!rule.types.includes(args.type)) return;
    const resource = openResource(args);
    for (const verdict of judge(rule, resource, { rules, config: args.getConfig() })) report(message(rule, verdict));
    throwUnjudged([resource]);
  };
}

function stackValidation(rule: Rule, rules: readonly Rule[]) {
  return (args: StackValidationArgs, report: (message: string, urn?: string) => void): void => {
    const stack = openStack(args.resources);
    for (const verdict of judgeStack(rule, stack, { rules, config: args.getConfig() })) {
      report(message(rule, verdict), verdict.finding.urn);
    }
    throwUnjudged(stack.resources);
  };
}

/**
 * Says which properties could not be judged. The SDK turns its own error into an advisory line and keeps what was
 * reported before. During the update the engine asks again with the real values, before the resource is made.
 */
function throwUnjudged(resources: readonly Resource[]): void {
  const unjudged = resources.filter((resource) => resource.unknowns.error !== undefined);
  const error = unjudged[0]?.unknowns.error;
  if (error === undefined) return;
  const where = unjudged.map((resource) => `${resource.name}: ${resource.unknowns.paths.join(", ")}`).join("; ");
  error.message = `not known before the update (${where}). It is judged then; plain values are judged at preview`;
  throw error;
}

/** What a person reads under the rule's title: resource, property, value, reason and the change to make. */
export function message(rule: Rule, verdict: Verdict): string {
  const { finding, resource, waiverRefused } = verdict;
  const where = resource === undefined ? finding.property : `${resource.name}: ${finding.property}`;
  const lines = [`${where} is ${finding.found}; expected ${finding.expected}.`, `Why: ${rule.why}`, `Fix: ${rule.fix}`];
  if (waiverRefused) {
    lines.push(
      rule.waivable === "never"
        ? `The label garrison.waivers names ${rule.id}, but nothing waives this rule.`
        : `The label garrison.waivers names ${rule.id}, but a label alone does not waive this finding; ` +
            `the pack configuration would have to allow it with {"${rule.id}": {"waivableByLabel": true}}.`,
    );
  }
  return lines.join("\n");
}

function configSchema(rule: Rule): PolicyConfigSchema {
  const waivable = {
    type: "boolean" as const,
    description: "Whether the label garrison.waivers may waive every finding of this rule (true) or none (false).",
  };
  return { properties: { ...rule.settings, ...(rule.waivable !== "never" && { waivableByLabel: waivable }) } };
}
