import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { advice } from "./advice.ts";
import type { RunReport } from "./run-report.ts";

/** How a run of the engine ended that did not end well. */
interface Ended {
  readonly stderr: string;
  /** Exit code or signal, in words. */
  readonly how: string;
  readonly interrupted: boolean;
}

/** What to tell, with the command that completes the work. */
export function failure(
  report: RunReport,
  { stderr, how, interrupted }: Ended,
  { label, again }: { readonly label: string; readonly again: string },
): Error {
  if (interrupted) {
    return new ProblemReport("Interrupted", [
      {
        property: label,
        found: "stopped by a signal; what exists is written down",
        expected: "a run to the end",
        fix: `${again} (completes it)`,
      },
    ]);
  }
  const errors = foldLogs(dropEchoes(report.errors));
  const found = [...report.violations, ...errors];
  const told = found.length > 0 ? found : [stderr.trim().replace(/^error: /, "") || `the engine ended: ${how}`];
  return new ProblemReport(
    report.violations.length > 0 ? `${label}: refused by policy` : `${label}: the engine reports errors`,
    told.map((text) => (report.violations.includes(text) ? violationOf(text, again) : problemOf(text, again))),
  );
}

/** The engine closes with a line that only says that there were errors. */
function dropEchoes(errors: readonly string[]): string[] {
  const real = errors.filter((error) => !/(preview|update|destroy|refresh) failed$|^.*: update failed$/.test(error));
  return real.length > 0 ? real : [...errors];
}

/** How a bridged plugin logs an error that it also returns: with a line of its own source before it. */
const LOGGED = /^sdk-v2\/\S+:\d+: (?:sdk\.\w+: )?(.*?)(?:: provider=\S+)?$/s;

/** Official plugins say each error twice; what only the log says is kept, without the plugin's own words. */
function foldLogs(errors: readonly string[]): string[] {
  const returned = errors.filter((text) => !LOGGED.test(splitSubject(text).found)).map(oneLine);
  return errors.flatMap((text) => {
    const { property, found } = splitSubject(text);
    const logged = LOGGED.exec(found)?.[1];
    if (logged === undefined) return [text];
    const said = returned.some((other) => other.startsWith(`${property}: `) && other.includes(oneLine(logged)));
    return said ? [] : [property === "engine" ? logged : `${property}: ${logged}`];
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The program's own report says for each line what was expected; the engine's errors do not. */
function problemOf(text: string, again: string): Problem {
  if (/: \d+ problems?; nothing was created\./.test(text)) {
    return { property: "program", found: text, expected: "what each line says", fix: `then ${again}` };
  }
  return { ...splitSubject(text), expected: "no error", fix: advice(text, again) };
}

/** `container.user (valkey): valkey: user is …; expected …` */
function violationOf(text: string, again: string): Problem {
  const { property, found } = splitSubject(text);
  const [rule = ""] = property.split(" ", 1);
  return { property, found, expected: "no finding", fix: `npm run policy -- explain ${rule}, then ${again}` };
}

/** `valkey-container: it failed` -> what it is about, and what there is to say; bridged lists of one are unwrapped. */
export function splitSubject(text: string): { property: string; found: string } {
  const [, property = "engine", found = text] = /^([\w.-]+(?: \([\w.-]+\))?): (.*)$/s.exec(text) ?? [];
  return { property, found: found.replace(/^\d+ errors? occurred:\s*\* /, "") };
}
