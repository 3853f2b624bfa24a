import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { temporaryBeside } from "./atomic.ts";
import { isAlive, ownIdentity } from "../processes/process-identity.ts";
import type { ProcessIdentity } from "../processes/process-identity.ts";

const ownerFile = "owner.json";
const ownerSchema = z.object({ pid: z.number().int(), started: z.string() });
const pollMs = 200;

interface LockOptions {
  /** Called once when somebody else holds the lock and we begin to wait. */
  readonly onWait?: (owner: ProcessIdentity) => void;
}

/**
 * Does `work` while nobody else does work under the same lock directory. A lock whose owner is gone is taken over.
 * The directory appears with its owner inside it in one step, so there is never a lock without an owner.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await acquire(path, options);
  try {
    return await work();
  } finally {
    await release(path);
  }
}

// Moved away first: a lock that is emptied in place could be taken by another, whose files we would then remove.
async function release(path: string): Promise<void> {
  const aside = temporaryBeside(path);
  await rename(path, aside);
  await rm(aside, { recursive: true, force: true });
}

async function acquire(path: string, options: LockOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await tryAcquire(path))) {
    const owner = await readOwner(path);
    if (owner === undefined) continue;
    if (!isAlive(owner)) {
      await removeStale(path, owner);
      continue;
    }
    if (!told) options.onWait?.(owner);
    told = true;
    await sleep(pollMs);
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  const prepared = temporaryBeside(path);
  await mkdir(prepared);
  try {
    await writeFile(join(prepared, ownerFile), JSON.stringify(ownIdentity()));
    // Renaming a directory over one that is not empty fails: that is the lock.
    await rename(prepared, path);
    return true;
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    if (hasCode(error, "ENOTEMPTY") || hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** The owner; undefined when the lock has just been given back. */
async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(join(path, ownerFile), "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw new Error(`${path} is not a lock of Garrison; remove it and try again`, { cause: error });
  }
}

/** Moves the stale lock aside; should a new owner have come in between, the lock is theirs and goes back. */
async function removeStale(path: string, stale: ProcessIdentity): Promise<void> {
  const aside = temporaryBeside(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved !== undefined && moved.pid !== stale.pid) await rename(aside, path);
  else await rm(aside, { recursive: true, force: true });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
