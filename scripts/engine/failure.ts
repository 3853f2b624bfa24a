import { ProblemReport } from "../lib/report.ts";
import type { Problem } from "../lib/report.ts";
import type { RunReport } from "./run-report.ts";

/** How a run of the engine ended that did not end well. */
export interface Ended {
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
        subject: label,
        found: "stopped by a signal; what exists is written down",
        expected: "a run to the end",
        next: `${again} (completes it)`,
      },
    ]);
  }
  const errors = dropEchoes(report.errors);
  const found = [...report.violations, ...errors];
  const told = found.length > 0 ? found : [stderr.trim().replace(/^error: /, "") || `the engine ended: ${how}`];
  return new ProblemReport(
    report.violations.length > 0 ? `${label}: refused by policy` : `${label}: the engine reports errors`,
    told.map((text) => problemOf(text, again)),
  );
}

/** The engine closes with a line that only says that there were errors. */
function dropEchoes(errors: readonly string[]): string[] {
  const real = errors.filter((error) => !/(preview|update|destroy|refresh) failed$|^.*: update failed$/.test(error));
  return real.length > 0 ? real : [...errors];
}

/** The program's own report says for each line what was expected; the engine's errors do not. */
function problemOf(text: string, again: string): Problem {
  if (/: \d+ problems?; nothing was created\./.test(text)) {
    return { subject: "program", found: text, expected: "what each line says", next: `then ${again}` };
  }
  return { ...splitSubject(text), expected: "no error", next: advice(text, again) };
}

/** `valkey-container: it failed` -> what it is about, and what there is to say; bridged lists of one are unwrapped. */
export function splitSubject(text: string): { subject: string; found: string } {
  const [, subject = "engine", found = text] = /^([\w.-]+(?: \([\w.-]+\))?): (.*)$/s.exec(text) ?? [];
  return { subject, found: found.replace(/^\d+ errors? occurred:\s*\* /, "") };
}

/** What to type for the faults of a host that have nothing to do with the estate itself. */
export function advice(text: string, again: string): string {
  if (/no space left on device|ENOSPC|disk quota/i.test(text)) {
    return `make room (df -h; docker system df shows what Docker holds), then ${again}`;
  }
  if (/address already in use|port is already allocated|port \d+ of the host is in use|EADDRINUSE/i.test(text)) {
    return `find who has the port (ss -ltnp), end it or change garrison:publish.address, then ${again}`;
  }
  if (/already in use by container|name .* in use|with name .* already exists/i.test(text)) {
    return `rename or remove the other one (docker ps -a), then ${again}`;
  }
  if (/no Docker daemon answers|cannot connect to the Docker daemon/i.test(text)) {
    return `${again} (starts the daemon where it may); npm run doctor tells more`;
  }
  return `put it right, then ${again}`;
}
