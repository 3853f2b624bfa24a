import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startOf } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

const stopSeconds = 3;
const pollMs = 20;

/** Every process that has the word on its command line. Found in the kernel: a record could have been cut off. */
export function findProcesses(word: string): ProcessIdentity[] {
  return processes().filter(({ pid }) => commandOf(pid).includes(word));
}

/** Every process that runs now. */
export function processes(): ProcessIdentity[] {
  return identities(readdirSync("/proc").map(Number));
}

/** Those of the numbers that are processes now. */
export function identities(pids: readonly number[]): ProcessIdentity[] {
  return pids
    .filter((pid) => pid > 0)
    .flatMap((pid) => {
      const started = startOf(pid);
      return started === undefined ? [] : [{ pid, started }];
    });
}

/** The words of a process' command line; none for a thread of the kernel and for one that is gone. */
export function commandOf(pid: number): string[] {
  return wordsOf(pid, "cmdline");
}

/** The environment that it was started with, as `NAME=value`; none of a process that is gone or somebody else's. */
export function environmentOf(pid: number): string[] {
  return wordsOf(pid, "environ");
}

function wordsOf(pid: number, file: "cmdline" | "environ"): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, "utf8")
      .split("\0")
      .slice(0, -1);
  } catch {
    return [];
  }
}

/** Ends the processes: asked first, and after `seconds` no longer asked. */
export async function endAll(found: readonly ProcessIdentity[], seconds = stopSeconds): Promise<void> {
  await Promise.all(found.map((identity) => end(identity, seconds)));
}

async function end(identity: ProcessIdentity, seconds: number): Promise<void> {
  signal(identity, "SIGTERM");
  const deadline = Date.now() + seconds * 1000;
  while (isAlive(identity) && Date.now() < deadline) await sleep(pollMs);
  signal(identity, "SIGKILL");
  while (isAlive(identity)) await sleep(pollMs);
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, name);
  } catch (error) {
    // It went in between.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
