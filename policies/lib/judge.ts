import { isOurs, waiversOf } from "./labels.ts";
import type { Resource, Stack } from "./resource.ts";
import type { Context, Finding, Rule, Waivable } from "./rule.ts";

/** Stands for all types in a rule's list. */
export const ANY_TYPE = "*";

/** A finding that stands, and whether a waiver was tried in vain. */
export interface Verdict {
  readonly finding: Finding;
  readonly resource: Resource | undefined;
  readonly waiverRefused: boolean;
}

/** Whether a rule judges resources of a type; `*` among its types is any. */
export function appliesTo(rule: Rule, type: string): boolean {
  return rule.types.includes(type) || rule.types.includes(ANY_TYPE);
}

/** Findings of a rule on one resource, before waivers. What depends on an unknown value is left out. */
export function findingsOn(rule: Rule, resource: Resource, context: Context): readonly Finding[] {
  if (rule.check === undefined || !appliesTo(rule, resource.type)) return [];
  return rule.check(resource, context).filter((finding) => !resource.unknowns.touches(finding.property));
}

/** Findings of a rule on a stack, before waivers. What depends on an unknown value is left out. */
export function findingsIn(rule: Rule, stack: Stack, context: Context): readonly Finding[] {
  if (rule.checkStack === undefined) return [];
  return rule
    .checkStack(stack, context)
    .filter((finding) => !(resourceOf(finding, stack)?.unknowns.touches(finding.property) ?? false));
}

/** What is left of a rule's findings once the waivers are taken into account. */
export function judge(rule: Rule, resource: Resource, context: Context): readonly Verdict[] {
  return findingsOn(rule, resource, context).flatMap((finding) => weigh(rule, finding, resource, context));
}

/** The same for the part of a rule that looks at the whole stack. */
export function judgeStack(rule: Rule, stack: Stack, context: Context): readonly Verdict[] {
  return findingsIn(rule, stack, context).flatMap((finding) =>
    weigh(rule, finding, resourceOf(finding, stack), context),
  );
}

function weigh(rule: Rule, finding: Finding, resource: Resource | undefined, context: Context): Verdict[] {
  if (resource === undefined) return [{ finding, resource, waiverRefused: false }];
  if (isWaived(rule, finding, resource, context)) return [];
  return [{ finding, resource, waiverRefused: hasWaiver(rule, resource, context) !== undefined }];
}

/** Whether a waiver of the resource covers the finding. */
export function isWaived(rule: Rule, finding: Finding, resource: Resource, context: Context): boolean {
  const waivable = waivableBy(rule, finding);
  switch (hasWaiver(rule, resource, context)) {
    case "by-configuration":
      return waivable !== "never";
    case "by-label":
      return labelMayWaive(waivable, resource, context);
    case undefined:
      return false;
  }
}

function hasWaiver(rule: Rule, resource: Resource, { settings }: Context) {
  const configured = settings.waivers.some((waiver) => waiver.rule === rule.id && waiver.resource === resource.urn);
  if (configured) return "by-configuration";
  return waiversOf(resource).includes(rule.id) ? "by-label" : undefined;
}

/** Who may waive a finding: the rule says so, and a grave finding may say more. */
export function waivableBy(rule: Rule, finding: Finding): Waivable {
  return rule.waivable === "never" ? "never" : (finding.waivable ?? rule.waivable);
}

function labelMayWaive(waivable: Waivable, resource: Resource, context: Context): boolean {
  if (waivable === "never") return false;
  const configured = context.config.waivableByLabel;
  if (typeof configured === "boolean") return configured;
  return waivable === "by-label" || (waivable === "by-record" && isOurs(resource));
}

function resourceOf(finding: Finding, stack: Stack): Resource | undefined {
  return finding.urn === undefined ? undefined : stack.byUrn.get(finding.urn);
}
