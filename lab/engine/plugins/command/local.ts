import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { outputOf } from "./run.ts";
import type { Run } from "./run.ts";
import type { CommandOutput } from "./transcript.ts";

const graceMs = 5000;

/** Runs a command on this machine, in a process group of its own so that stopping it stops what it started. */
export async function runLocally(
  run: Run,
  options: { dir: string | undefined; interpreter: readonly string[] },
): Promise<CommandOutput> {
  run.signal.throwIfAborted();
  const [shell = "/bin/sh", ...flags] = options.interpreter.length > 0 ? options.interpreter : ["/bin/sh", "-c"];
  const child = spawn(shell, [...flags, run.command], {
    ...(options.dir === undefined ? {} : { cwd: options.dir }),
    env: { ...process.env, ...run.environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  run.transcript.follow(child.stdout, "stdout");
  run.transcript.follow(child.stderr, "stderr");
  // A command that does not read its input ends the pipe early: its own affair.
  child.stdin.on("error", () => undefined);
  child.stdin.end(run.stdin);
  const stop = stopOnAbort(child, run.signal);
  try {
    const { code, signal } = await ended(child, shell, options.dir);
    if (run.signal.aborted) throw run.failure(`was stopped (${abortReason(run.signal)})`);
    if (signal !== null) throw run.failure(`was ended by ${signal}`);
    if (code !== 0) throw run.failure(`ended with exit code ${code ?? -1}`);
    return outputOf(run);
  } finally {
    stop.dispose();
  }
}

function ended(child: ChildProcess, shell: string, dir: string | undefined) {
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(new Error(startFailure(error, shell, dir)));
    });
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** Node's own message would name the whole command line. */
function startFailure(error: NodeJS.ErrnoException, shell: string, dir: string | undefined): string {
  if (error.code === "ENOENT") {
    return `cannot start ${shell}${dir === undefined ? "" : ` in ${dir}`}: no such program or directory`;
  }
  if (error.code === "E2BIG") {
    return `cannot start ${shell}: command and environment are too long; use stdin, or addPreviousOutputInEnv: false`;
  }
  return `cannot start ${shell}: ${error.code ?? "unknown error"}`;
}

function stopOnAbort(child: ChildProcess, signal: AbortSignal): { dispose: () => void } {
  let insist: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    insist = setTimeout(() => {
      signalGroup(child, "SIGKILL");
    }, graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  return {
    dispose: () => {
      signal.removeEventListener("abort", stop);
      clearTimeout(insist);
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function abortReason(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
}
