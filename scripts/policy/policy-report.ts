import { z } from "zod";
import type { Rule } from "#policies/lib/rule.ts";
import { rules as catalogue } from "#policies/rules/catalogue.ts";
import type { EngineEvent } from "../engine/events.ts";
import { nameOf } from "../engine/events.ts";

type PolicyEvent = NonNullable<EngineEvent["policyEvent"]>;
type Severity = Rule["severity"];
type Level = Rule["level"];

/** One finding, in full. */
export interface ReportedFinding {
  /** Of the resource, or of the stack where the finding is about all of it. */
  readonly urn: string;
  readonly resource: string;
  readonly property: string;
  readonly found: string;
  readonly expected: string;
  /** Why a waiver that somebody tried does not count. */
  readonly waiver?: string | undefined;
}

/** A rule that was broken, and where. */
export interface ReportedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** As the pack configuration has it. */
  readonly level: Level;
  readonly why: string;
  readonly fix: string;
  readonly references: readonly string[];
  readonly findings: readonly ReportedFinding[];
}

/** What `npm run policy -- report --json` prints. A field that goes or changes its meaning raises `version`. */
export interface PolicyReport {
  readonly version: 1;
  readonly pack: { readonly name: string; readonly version: string };
  /** What was judged, for people. */
  readonly judged: string;
  readonly counts: {
    readonly findings: number;
    /** Resources with a finding; the stack counts as one. */
    readonly resources: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
    readonly byLevel: Readonly<Record<Level, number>>;
  };
  /** What stops a deployment comes first, then what is graver, then what is found more often. */
  readonly rules: readonly ReportedRule[];
  /** What is waived, what could not be judged, and what the engine has to say on that. */
  readonly notes: readonly string[];
}

interface Found {
  readonly rule: Rule;
  readonly level: Level;
  readonly finding: ReportedFinding;
}

export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];
const LEVELS: readonly Level[] = ["mandatory", "advisory"];

const byId: ReadonlyMap<string, Rule> = new Map(catalogue.map((rule) => [rule.id, rule]));

const parts = z.object({
  resource: z.string().optional(),
  property: z.string(),
  found: z.string(),
  expected: z.string(),
  waiver: z.string().optional(),
});

/** Groups what the engine reports by rule, and counts it. */
export function policyReport(judged: string, events: readonly PolicyEvent[], said: readonly string[]): PolicyReport {
  const read = events.map((event) => foundBy(event) ?? event.message.trim());
  const found = read.filter((one) => typeof one !== "string");
  const notes = read.filter((one) => typeof one === "string");
  const rules = [...Map.groupBy(found, ({ rule }) => rule)].map(([rule, own]) => reportedRule(rule, own));
  const count = (fits: (one: Found) => boolean) => found.filter(fits).length;
  return {
    version: 1,
    pack: { name: "garrison-policies", version: events[0]?.policyPackVersion ?? "" },
    judged,
    counts: {
      findings: found.length,
      resources: new Set(found.map(({ finding }) => finding.urn)).size,
      bySeverity: countsOf(SEVERITIES, (severity) => count(({ rule }) => rule.severity === severity)),
      byLevel: countsOf(LEVELS, (level) => count((one) => one.level === level)),
    },
    rules: rules.sort(byWeight),
    notes: [...new Set([...notes, ...said])],
  };
}

/** What a rule has found; undefined for what the pack or the SDK says in words. */
function foundBy(event: PolicyEvent): Found | undefined {
  const rule = byId.get(event.policyName);
  const level = event.enforcementLevel === "mandatory" ? "mandatory" : "advisory";
  const { resource = nameOf(event.resourceUrn ?? ""), ...rest } = partsIn(event.message) ?? {};
  if (rule === undefined || (rest.property === undefined && level === "advisory")) return undefined;
  // Words in the place of a finding that stops a deployment are no reason to let it pass.
  const { property = "message", found = event.message.trim(), expected = "what the rule says", ...waiver } = rest;
  return { rule, level, finding: { urn: event.resourceUrn ?? "", resource, property, found, expected, ...waiver } };
}

function partsIn(message: string): Partial<z.infer<typeof parts>> | undefined {
  if (!message.startsWith("{")) return undefined;
  try {
    return parts.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}

function reportedRule({ id, title, severity, why, fix, references }: Rule, found: readonly Found[]): ReportedRule {
  const level = found[0]?.level ?? "mandatory";
  return { id, title, severity, level, why, fix, references, findings: found.map(({ finding }) => finding) };
}

function countsOf<Name extends string>(names: readonly Name[], count: (name: Name) => number): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, count(name)])) as Record<Name, number>;
}

function byWeight(a: ReportedRule, b: ReportedRule): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.findings.length - a.findings.length ||
    (a.id < b.id ? -1 : 1)
  );
}
