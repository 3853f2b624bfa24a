import { createInterface } from "node:readline";
import { execa } from "execa";
import { checkout } from "#helpers/files/directories.ts";
import { startProgress } from "#helpers/terminal/progress.ts";
import { parseEvent } from "./events.ts";
import { failure } from "./failure.ts";
import { RunObserver } from "./run-report.ts";
import type { RunReport } from "./run-report.ts";
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
    progress.done(result(args[0], report));
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

/** What the line of a finished run ends with. */
function result(command: string | undefined, { planned, changes }: RunReport): string {
  if (command === "preview") return outlook(planned);
  return command === "refresh" ? drift(changes) : summary(changes);
}

/** A refresh changes nothing but the state: what it calls deleted was gone already. */
function drift({ delete: gone = 0, update: changed = 0 }: RunReport["changes"]): string {
  const parts = [...(gone > 0 ? [`${String(gone)} gone`] : []), ...(changed > 0 ? [`${String(changed)} changed`] : [])];
  return parts.length === 0 ? "as it was left" : parts.join(", ");
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
