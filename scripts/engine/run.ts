import { createInterface } from "node:readline";
import { execa } from "execa";
import { startProgress } from "../lib/progress.ts";
import { ProblemReport } from "../lib/report.ts";
import { parseEvent } from "./events.ts";
import { RunObserver } from "./run-report.ts";
import type { RunReport } from "./run-report.ts";
import { checkout } from "./session.ts";
import type { Session } from "./session.ts";

/** Two signals within this time are one key press that came by two ways. */
const sameSignalMs = 1500;

export interface RunOptions {
  /** What people see while it runs. */
  readonly label: string;
  /** What completes the work when it is interrupted: the command to type. */
  readonly again: string;
  /** Steps that an earlier preview counted, for a run without one of its own. */
  readonly steps?: number;
}

/**
 * Runs `pulumi <args>` to its end with its events as progress.
 *
 * @throws {ProblemReport} with the engine's errors and the violated policies
 */
export async function runEngine(session: Session, args: readonly string[], options: RunOptions): Promise<RunReport> {
  const observer = new RunObserver(options.steps);
  const progress = startProgress(options.label);
  // A process group of its own: Ctrl-C would otherwise reach engine and plugins twice, which means "stop at once".
  const engine = execa(session.toolchain.pulumi, [...args, "--json", "--non-interactive", "--color=never"], {
    cwd: checkout,
    env: { ...session.environment, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    detached: true,
    cleanup: false,
    buffer: { stdout: false },
  });
  const interruption = passSignals(engine, (line) => {
    progress.note(line);
  });
  for await (const line of createInterface({ input: engine.stdout })) {
    const event = parseEvent(line);
    if (event !== undefined && observer.take(event)) progress.update(observer.describe());
  }
  const ended = await engine;
  interruption.stop();
  const report = observer.report();
  if (ended.exitCode === 0) {
    progress.done(args[0] === "preview" ? outlook(report.planned) : summary(report.changes));
    return report;
  }
  progress.fail();
  const how =
    ended.signal ?? (ended.exitCode === undefined ? (ended.shortMessage ?? "") : `exit code ${String(ended.exitCode)}`);
  throw failure(report, { stderr: ended.stderr, how, interrupted: interruption.happened() }, options);
}

/** Hands signals on to the engine: the first asks for a clean end, a second one for an end at once. */
function passSignals(engine: { kill(signal: NodeJS.Signals): boolean }, say: (line: string) => void) {
  let last = 0;
  let count = 0;
  const onSignal = (): void => {
    const now = Date.now();
    if (now - last < sameSignalMs) return;
    last = now;
    count += 1;
    engine.kill("SIGINT");
    say(
      count === 1
        ? "Stopping: waiting until what is under way has ended. Press Ctrl-C again to stop at once."
        : "Stopping at once; what was under way is repaired by the next run.",
    );
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
    happened: () => count > 0,
  };
}

/** `20 created, 1 replaced`, or that nothing changed. */
export function summary(changes: RunReport["changes"]): string {
  const parts = Object.entries(changes).map(([op, count]) => `${String(count)} ${pastTense(op)}`);
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

/** `20 to create, 1 to replace`, or that nothing would change. */
function outlook(planned: RunReport["planned"]): string {
  const parts = Object.entries(planned).map(([op, count]) => `${String(count)} to ${op}`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}

function pastTense(op: string): string {
  return op.endsWith("e") ? `${op}d` : `${op}ed`;
}

interface Ended {
  readonly stderr: string;
  /** Exit code or signal, in words. */
  readonly how: string;
  readonly interrupted: boolean;
}

function failure(report: RunReport, { stderr, how, interrupted }: Ended, { label, again }: RunOptions): Error {
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
    told.map((text) => ({ ...splitSubject(text), expected: "no error", next: advice(text, again) })),
  );
}

/** The engine closes with a line that only says that there were errors. */
function dropEchoes(errors: readonly string[]): string[] {
  const real = errors.filter((error) => !/(preview|update|destroy|refresh) failed$|^.*: update failed$/.test(error));
  return real.length > 0 ? real : [...errors];
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
  if (/address already in use|port is already allocated|EADDRINUSE/i.test(text)) {
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
