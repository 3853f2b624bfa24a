import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";

const graceMs = 2000;
const running = new Set<ChildProcess>();

/** Starts a child that ends when the host ends. */
export function startChild(command: string, argv: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, argv, options);
  running.add(child);
  child.once("close", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/** Asks a child to end and insists after a grace period. */
export function endChild(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
}

export function endAllChildren(): void {
  for (const child of running) endChild(child);
}

/** For the moment the host itself leaves: nobody would be there to insist later. */
export function killAllChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** How the child ended: its exit code, or -1 and the signal. */
export function exitOf(child: ChildProcess): Promise<{ code: number; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code: code ?? -1, signal });
    });
  });
}
