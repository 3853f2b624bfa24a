import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The same directory as helpers/files/directories.ts, which this Node cannot read yet. */
export function cacheDirectory() {
  const base = process.env.XDG_CACHE_HOME;
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "garrison");
}

/** Waits until nobody else holds this lock for this checkout, takes it, and returns how to give it back. */
export async function holdLock(name, checkout, onWait) {
  const directory = join(cacheDirectory(), "locks");
  mkdirSync(directory, { recursive: true });
  const id = createHash("sha256").update(checkout).digest("hex").slice(0, 12);
  const file = join(directory, `${name}-${id}`);
  let told = false;
  while (!take(file)) {
    if (ownerIsGone(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait();
    told = true;
    await sleep(300);
  }
  return () => rmSync(file, { force: true });
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerIsGone(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Signal 0 only asks. An empty file is one that is being written.
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
