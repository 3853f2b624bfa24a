import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";

/**
 * What several machines under one kernel need; several users inside share one user's allowance outside. From Incus'
 * "Server settings for a production setup"; the map count is what a Wazuh indexer asks of its host.
 */
export const kernelSettings: Readonly<Record<string, number>> = {
  "fs/aio-max-nr": 524_288,
  "fs/inotify/max_queued_events": 1_048_576,
  "fs/inotify/max_user_instances": 1_048_576,
  "fs/inotify/max_user_watches": 1_048_576,
  "kernel/keys/maxbytes": 2_000_000,
  "kernel/keys/maxkeys": 2000,
  "net/ipv4/ip_forward": 1,
  "vm/max_map_count": 262_144,
};

const recordSchema = z.record(z.string(), z.number());

/** Those of the wanted settings that are lower now; none is ever lowered. */
export function toRaise(now: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kernelSettings).filter(([name, wanted]) => name in now && (now[name] ?? wanted) < wanted),
  );
}

/** Raises what is too low, and keeps in `directory` what it was. */
export async function raiseKernelSettings(directory: string): Promise<void> {
  const now = await readSettings();
  const raise = toRaise(now);
  if (Object.keys(raise).length === 0) return;
  const before = Object.fromEntries(Object.keys(raise).map((name) => [name, now[name] ?? 0]));
  await mkdir(directory, { recursive: true });
  // What an earlier run found counts for longer: between the two it was us.
  await writeFileAtomic(recordFile(directory), JSON.stringify({ ...before, ...(await readRecord(directory)) }), 0o600);
  for (const [name, value] of Object.entries(raise)) await writeSetting(name, value);
}

/** Puts back what was raised, except what somebody else has changed since. */
export async function restoreKernelSettings(directory: string): Promise<void> {
  const now = await readSettings();
  for (const [name, before] of Object.entries(await readRecord(directory))) {
    if (now[name] === kernelSettings[name]) await writeSetting(name, before);
  }
  await rm(recordFile(directory), { force: true });
}

async function readSettings(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const name of Object.keys(kernelSettings)) {
    // A kernel that was built without a feature has no setting for it.
    const text = await readFile(join("/proc/sys", name), "utf8").catch(() => undefined);
    if (text !== undefined) found[name] = Number(text);
  }
  return found;
}

async function writeSetting(name: string, value: number): Promise<void> {
  await writeFile(join("/proc/sys", name), String(value));
}

function recordFile(directory: string): string {
  return join(directory, "kernel.json");
}

async function readRecord(directory: string): Promise<Record<string, number>> {
  const text = await readFile(recordFile(directory), "utf8").catch(() => "{}");
  return recordSchema.parse(JSON.parse(text));
}
