import { wrapped } from "./lib/finding-text.ts";
import type { Rule } from "./lib/rule.ts";
import { rules } from "./rules/catalogue.ts";

const WIDTH = 100;
const USAGE = "usage: node explain.cjs <rule> …, with ids as a finding names them; --list lists them all";

/**
 * What there is to say on the rules that somebody asks for.
 * @throws {Error} with everything that is wrong with the question
 */
export function explanationOf(asked: readonly string[]): string {
  if (asked.includes("--help") || asked.includes("-h")) return USAGE;
  if (asked.includes("--list")) return rules.map(({ id, title }) => `${id}  ${title}`).join("\n");
  if (asked.length === 0) throw new Error(USAGE);
  const unknown = asked.filter((id) => ruleOf(id) === undefined);
  if (unknown.length > 0) throw new Error(`no such rule: ${unknown.map(nearTo).join("; ")}\n${USAGE}`);
  return asked
    .flatMap((id) => ruleOf(id) ?? [])
    .map(explain)
    .join("\n\n");
}

/** A rule for a terminal. */
function explain(rule: Rule): string {
  const [why, ...facts] = factsOf(rule);
  return [rule.id, rule.title, why ?? "", ...facts.map((fact) => `- ${fact}`)]
    .map((line) => wrapped(line.replaceAll("**", ""), WIDTH).replaceAll("\n", line.startsWith("- ") ? "\n  " : "\n"))
    .join("\n");
}

/** Why a rule is there, then what to know to follow it or to waive it: a sentence each. */
export function factsOf(rule: Rule): readonly string[] {
  return [
    rule.why,
    `To fix: ${rule.fix}`,
    `Severity: ${rule.severity}; ${rule.level}`,
    `Waiver: ${waiver(rule)}`,
    ...(rule.references.length > 0 ? [`See: ${rule.references.join("; ")}`] : []),
    ...Object.entries(rule.settings ?? {}).map(([name, { description }]) => `Setting \`${name}\`: ${description}`),
    `Unknown at preview: ${whenUnknown(rule)}`,
  ];
}

function ruleOf(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id.toLowerCase());
}

/** The rules that a mistyped id may have meant: those that share its domain, or a word with it. */
function nearTo(id: string): string {
  const words = id.toLowerCase().split(/[.\-_ ]+/);
  const domain = rules.filter((rule) => rule.id.startsWith(`${words[0] ?? ""}.`));
  const near = (domain.length > 0 ? domain : rules).filter((rule) =>
    words.some((word) => rule.id.split(/[.-]/).includes(word)),
  );
  return near.length === 0 ? id : `${id} (there are ${near.map((rule) => rule.id).join(", ")})`;
}

function whenUnknown({ check, checkStack }: Rule): string {
  if (checkStack === undefined) return "passes, and is judged during the update before the resource is made";
  return check === undefined
    ? "passes, and is judged at the end of the update"
    : "passes, and is judged during the update";
}

function waiver(rule: Rule): string {
  switch (rule.waivable) {
    case "by-label":
      return "by label";
    case "by-record":
      return "by label on a container of an estate, with its record; elsewhere by the pack configuration";
    case "by-configuration":
      return "by label, once the pack configuration allows it";
    case "never":
      return "none";
  }
}
