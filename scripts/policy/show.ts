import pc from "picocolors";
import { cutAtWord, plain, textOf, wrapped } from "#policies/lib/finding-text.ts";
import { SEVERITIES } from "./policy-report.ts";
import type { PolicyReport, ReportedRule } from "./policy-report.ts";

/** A screen, also that of a log: what does not fit is told in fewer lines a rule. */
const WIDTH = 100;
const HEIGHT = 44;
const MOST_NOTES = 5;

/** How much of a rule is told, from the most to the least. */
const FORMS: readonly ((rule: ReportedRule) => readonly string[])[] = [
  (rule) => [head(rule), cut(`  Why: ${rule.why}`), cut(`  Fix: ${rule.fix}`)],
  (rule) => [head(rule), cut(`  Fix: ${rule.fix}`)],
  (rule) => [head(rule)],
];

/** The report on one screen. */
export function showReport(report: PolicyReport): string {
  const notes = shortNotes(report).map((note) => pc.dim(cut(`· ${plain(note)}`)));
  const room = Math.max(1, HEIGHT - summary(report).split("\n").length - notes.length - footer(report).length);
  const form = FORMS.find((lines) => report.rules.flatMap(lines).length <= room) ?? FORMS.at(-1);
  const lines = report.rules.flatMap(form ?? head);
  const left = lines.length - room + 1;
  const shown =
    lines.length <= room ? lines : [...lines.slice(0, room - 1), pc.dim(`… and ${String(left)} rules more`)];
  return [summary(report), ...shown, ...notes, ...footer(report)].join("\n");
}

function shortNotes({ notes }: PolicyReport): readonly string[] {
  if (notes.length <= MOST_NOTES) return notes;
  return [...notes.slice(0, MOST_NOTES - 1), `and ${String(notes.length - MOST_NOTES + 1)} notes more`];
}

/** Every finding, in full. */
export function showEverything(report: PolicyReport): string {
  return [
    summary(report),
    ...report.rules.map(everythingOf),
    ...report.notes.map((note) => block(note, "· ", "  ")),
  ].join("\n");
}

function summary({ judged, counts: { findings, resources, bySeverity, byLevel } }: PolicyReport): string {
  if (findings === 0) return pc.green(`✓ ${judged}: nothing was found`);
  const severities = SEVERITIES.filter((name) => bySeverity[name] > 0).map(
    (name) => `${String(bySeverity[name])} ${name}`,
  );
  const what = `${judged}: ${counted(findings, "finding")} on ${counted(resources, "resource")}`;
  const grave = `  ${severities.join(", ")}; ${String(byLevel.mandatory || "none")} of them stop a deployment`;
  return byLevel.mandatory > 0 ? pc.red(`✗ ${what}\n${grave}`) : pc.yellow(`! ${what}\n${grave}`);
}

/** Sign, rule, severity, number of findings, and the first resources. */
function head(rule: ReportedRule): string {
  const before = `${sign(rule)} ${rule.id.padEnd(31)} ${rule.severity.padEnd(8)} ${String(rule.findings.length).padStart(4)}  `;
  return pc.bold(before) + names(rule, WIDTH - before.length);
}

function names({ findings }: ReportedRule, room: number): string {
  const all = [...new Set(findings.map(({ resource }) => plain(resource)))];
  let shown = "";
  for (const [index, name] of all.entries()) {
    const next = index === 0 ? name : `${shown}, ${name}`;
    const rest = all.length - index - 1;
    const more = (count: number) => (count === 0 ? "" : ` and ${String(count)} more`);
    if (next.length + more(rest).length > room) return index === 0 ? next.slice(0, room) : shown + more(rest + 1);
    shown = next;
  }
  return shown;
}

function everythingOf(rule: ReportedRule): string {
  return [
    "",
    pc.bold(`${sign(rule)} ${rule.id}: ${rule.severity}, ${rule.level}, ${counted(rule.findings.length, "finding")}`),
    block(rule.title, "  ", "  "),
    block(rule.why, "  Why: ", "       "),
    block(rule.fix, "  Fix: ", "       "),
    ...(rule.references.length > 0 ? [block(rule.references.join("; "), "  See: ", "       ")] : []),
    ...rule.findings.map((finding) => block(textOf(finding), "  - ", "    ")),
  ].join("\n");
}

function footer({ rules }: PolicyReport): string[] {
  return rules.length === 0
    ? []
    : [pc.dim("--verbose tells every finding in full; npm run policy -- explain <rule> tells more of a rule")];
}

function sign({ level }: ReportedRule): string {
  return level === "mandatory" ? "✗" : "!";
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}

function cut(line: string): string {
  return cutAtWord(line, WIDTH);
}

function block(text: string, first: string, then: string): string {
  const lines = wrapped(plain(text), WIDTH - first.length).split("\n");
  return lines.map((line, index) => (index === 0 ? first : then) + line).join("\n");
}
