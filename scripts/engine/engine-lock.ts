import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Estate } from "#lab/estate/estate.ts";
import type { EstateFiles } from "#lab/estate/paths.ts";
import { startOf } from "#helpers/processes/process-identity.ts";
import { problem } from "#helpers/terminal/report.ts";
import { pulumiLine } from "./choice.ts";
import { projectName } from "./state.ts";

const contentSchema = z.object({ pid: z.int(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** A lock that an engine laid on the stack. */
interface EngineLock extends z.infer<typeof contentSchema> {
  readonly file: string;
}

/** `held` by an engine that runs, `stale` since it was killed, or of another host, whose processes cannot be seen. */
type LockVerdict = "held" | "stale" | "elsewhere";

/** Judges a lock. `program` is what runs under its process number now; numbers are used again. */
export function judgeLock(lock: EngineLock, thisHost: string, program: string | undefined): LockVerdict {
  if (lock.hostname !== thisHost) return "elsewhere";
  return program?.startsWith("pulumi") === true ? "held" : "stale";
}

/** Every lock on the stack, with its verdict. A lock that is being written or cannot be read counts as stale. */
export async function readLocks(
  files: EstateFiles,
  stack: string,
): Promise<{ lock: EngineLock; verdict: LockVerdict }[]> {
  const directory = join(files.backend, ".pulumi", "locks", "organization", projectName, stack);
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".json"));
  const found: { lock: EngineLock; verdict: LockVerdict }[] = [];
  for (const name of names) {
    const lock = await readLock(join(directory, name));
    if (lock === undefined) continue;
    found.push({ lock, verdict: judgeLock(lock, hostname(), await programOf(lock.pid)) });
  }
  return found;
}

/** Removes the locks of engines that are gone and says so; refuses when one is at work. */
export async function clearStaleLocks(
  estate: Pick<Estate, "name" | "stack" | "files">,
  say: (line: string) => void,
): Promise<void> {
  const locks = await readLocks(estate.files, estate.stack);
  const held = locks.find(({ verdict }) => verdict !== "stale");
  if (held !== undefined) throw lockHeld(held.lock, held.verdict, estate);
  for (const { lock } of locks) {
    await rm(lock.file, { force: true });
    await rm(`${lock.file}.attrs`, { force: true });
    say(`Removed the lock of an engine that is gone (process ${String(lock.pid)}, ${lock.timestamp})`);
  }
}

function lockHeld(lock: EngineLock, verdict: LockVerdict, estate: Pick<Estate, "name" | "stack">): Error {
  const where = verdict === "held" ? "on this host" : `on ${lock.hostname}`;
  return problem("Another run is changing this estate", {
    property: "stack lock",
    found: `process ${String(lock.pid)} of ${lock.username} ${where}, since ${lock.timestamp}`,
    expected: "one run at a time",
    fix:
      verdict === "held"
        ? `wait for it, or end it with kill -INT ${String(lock.pid)}, then run the same command again`
        : `make sure that it ended there, then ${pulumiLine(estate, "cancel --yes")}`,
  });
}

async function readLock(file: string): Promise<EngineLock | undefined> {
  try {
    return { ...contentSchema.parse(JSON.parse(await readFile(file, "utf8"))), file };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    const unreadable = { pid: 0, username: "unknown", hostname: hostname(), timestamp: "unreadable" };
    return { ...unreadable, file };
  }
}

async function programOf(pid: number): Promise<string | undefined> {
  // One that ended and was not collected yet still has a name, but holds nothing any more.
  if (pid <= 0 || startOf(pid) === undefined) return undefined;
  try {
    return basename(await readlink(`/proc/${String(pid)}/exe`)).replace(/ \(deleted\)$/, "");
  } catch {
    return readFile(`/proc/${String(pid)}/comm`, "utf8").then(
      (text) => text.trim(),
      () => programFromSignal(pid),
    );
  }
}

// Where there is no /proc, all that can be asked is whether the process is there.
function programFromSignal(pid: number): string | undefined {
  if (process.platform === "linux") return undefined;
  try {
    process.kill(pid, 0);
    return "pulumi";
  } catch {
    return undefined;
  }
}
