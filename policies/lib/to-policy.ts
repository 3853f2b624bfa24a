import type {
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { Verdict } from "./judge.ts";
import { appliesTo, judge, judgeStack, waivableBy } from "./judge.ts";
import { openResource, openStack } from "./resource.ts";
import type { Context, Rule } from "./rule.ts";
import { valuesBehind } from "./sdk.ts";
import type { Settings } from "./settings.ts";
import { defaultSettings, SETTINGS_ID, settingsOf, settingsSchema } from "./settings.ts";
import { plainType } from "./types.ts";

/** What the callbacks of one pack share. */
export interface Pack {
  readonly rules: readonly Rule[];
  /** From the configuration of {@link beforehandPolicy}, which the engine asks first. */
  settings: Settings;
  readonly inputs: Map<string, object>;
  /** Each rule's own configuration, once it has been asked. */
  readonly configs: Map<string, Context["config"]>;
}

/** A pack of these rules, with its settings as they are before the engine has brought any. */
export function packOf(rules: readonly Rule[]): Pack {
  return { rules, settings: defaultSettings, inputs: new Map(), configs: new Map() };
}

/**
 * Hands a rule to the engine. A rule that judges single resources and the whole stack becomes one policy with both
 * callbacks, so that its id is one name in reports, configurations and waivers.
 */
export function toPolicy(rule: Rule, pack: Pack): ResourceValidationPolicy | StackValidationPolicy {
  return {
    name: rule.id,
    displayName: rule.id,
    description: rule.title,
    severity: rule.severity,
    enforcementLevel: rule.level,
    remediationSteps: rule.fix,
    tags: [...rule.references],
    configSchema: configSchema(rule),
    ...(rule.check && { validateResource: resourceValidation(rule, pack) }),
    ...(rule.checkStack && { validateStack: stackValidation(rule, pack) }),
  };
}

/**
 * Takes what all rules share: the settings of the pack, because a policy sees its own configuration only, and the inputs
 * of every resource, for the rules over the whole stack. It is the first policy of the pack and finds nothing itself.
 */
export function beforehandPolicy(pack: Pack): ResourceValidationPolicy & StackValidationPolicy {
  const takeSettings = (args: { getConfig: () => object }): void => {
    pack.settings = settingsOf(args.getConfig() as Readonly<Record<string, unknown>>);
  };
  return {
    name: SETTINGS_ID,
    displayName: SETTINGS_ID,
    description: "The settings of the whole pack.",
    enforcementLevel: "mandatory",
    configSchema: settingsSchema,
    validateResource: (args) => {
      takeSettings(args);
      pack.inputs.set(args.urn, valuesBehind(args.props));
    },
    validateStack: takeSettings,
  };
}

function resourceValidation(rule: Rule, pack: Pack) {
  // Not with the SDK's mark for one type: for each policy that it skips it answers with a line of its own, which costs
  // more than this look at the type.
  return (args: ResourceValidationArgs, report: (message: string) => void): void => {
    if (!appliesTo(rule, plainType(args.type))) return;
    const resource = openResource(args);
    for (const verdict of judge(rule, resource, contextOf(rule, pack, args))) report(message(rule, verdict));
  };
}

function stackValidation(rule: Rule, pack: Pack) {
  return (args: StackValidationArgs, report: (message: string, urn?: string) => void): void => {
    const stack = openStack(args.resources, pack.inputs);
    for (const verdict of judgeStack(rule, stack, contextOf(rule, pack, args))) {
      report(message(rule, verdict), verdict.finding.urn);
    }
  };
}

function contextOf(rule: Rule, pack: Pack, args: { getConfig: () => object }): Context {
  const config = args.getConfig() as Context["config"];
  pack.configs.set(rule.id, config);
  return { ...pack, config };
}

/** What a person reads under the rule's title: resource, property, value, reason and the change to make. */
export function message(rule: Rule, verdict: Verdict): string {
  const { finding, resource, waiverRefused } = verdict;
  const where = resource === undefined ? finding.property : `${resource.name}: ${finding.property}`;
  const lines = [`${where} is ${finding.found}; expected ${finding.expected}.`, `Why: ${rule.why}`, `Fix: ${rule.fix}`];
  if (waiverRefused) {
    lines.push(
      waivableBy(rule, finding) === "never"
        ? `There is a waiver of ${rule.id}, but nothing waives this finding.`
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
