import type {
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { FindingParts } from "./finding-text.ts";
import { lineOf, partsOf, textOf } from "./finding-text.ts";
import type { Verdict } from "./judge.ts";
import { appliesTo, judge, judgeStack } from "./judge.ts";
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
  /** Whether any rule has found something. */
  hasFound: boolean;
}

/** A pack of these rules, with its settings as they are before the engine has brought any. */
export function packOf(rules: readonly Rule[]): Pack {
  return { rules, settings: defaultSettings, inputs: new Map(), configs: new Map(), hasFound: false };
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
  return (args: ResourceValidationArgs, report: ReportViolation): void => {
    if (!appliesTo(rule, plainType(args.type))) return;
    const resource = openResource(args);
    for (const { parts } of told(rule, judge(rule, resource, contextOf(rule, pack, args))))
      report(message(parts, pack));
  };
}

function stackValidation(rule: Rule, pack: Pack) {
  return (args: StackValidationArgs, report: ReportViolation): void => {
    const stack = openStack(args.resources, pack.inputs);
    for (const { parts, urn } of told(rule, judgeStack(rule, stack, contextOf(rule, pack, args)))) {
      report(message(parts, pack), urn);
    }
  };
}

function contextOf(rule: Rule, pack: Pack, args: { getConfig: () => object }): Context {
  const config = args.getConfig() as Context["config"];
  pack.configs.set(rule.id, config);
  return { ...pack, config };
}

interface Told {
  readonly parts: FindingParts;
  readonly urn: string | undefined;
}

/** The verdicts as parts of their texts; what reads the same of one resource is told once, with how often. */
function told(rule: Rule, verdicts: readonly Verdict[]): readonly Told[] {
  if (verdicts.length === 0) return [];
  const all = verdicts.map((verdict) => ({ parts: partsOf(rule, verdict), urn: verdict.finding.urn }));
  return [...Map.groupBy(all, ({ parts, urn }) => `${urn ?? ""} ${textOf(parts)}`).values()].flatMap((same) => {
    const [one] = same;
    if (one === undefined) return [];
    const found = same.length === 1 ? one.parts.found : `${one.parts.found}, ${String(same.length)} times`;
    return [{ ...one, parts: { ...one.parts, found } }];
  });
}

/** What a person reads under the rule's name, or a program as JSON. */
function message(parts: FindingParts, pack: Pack): string {
  pack.hasFound = true;
  return pack.settings.messages === "json" ? JSON.stringify(parts) : lineOf(parts);
}

function configSchema(rule: Rule): PolicyConfigSchema {
  const waivable = {
    type: "boolean" as const,
    description: "Whether the label garrison.waivers may waive every finding of this rule (true) or none (false).",
  };
  return { properties: { ...rule.settings, ...(rule.waivable !== "never" && { waivableByLabel: waivable }) } };
}
