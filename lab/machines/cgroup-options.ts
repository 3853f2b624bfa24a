import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { runHost } from "./host-command.ts";

/** Mount points of cgroups of version 2, each with its options. */
type CgroupOptions = Readonly<Record<string, readonly string[]>>;

const recordSchema = z.record(z.string(), z.array(z.string()));

/** Of the text of `/proc/mounts`, every mount of a cgroup tree of version 2 with the options of the tree itself. */
export function cgroupOptions(mounts: string): CgroupOptions {
  const found = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup2")
    .map(([, point = "", , options = ""]) => [point, options.split(",").filter(isOfTree)] as const);
  return Object.fromEntries(found);
}

/** Others are of the mount, and LXC does not touch them. */
function isOfTree(option: string): boolean {
  return ["nsdelegate", "memory_localevents", "memory_recursiveprot", "memory_hugetlb_accounting"].includes(option);
}

/**
 * The options of a cgroup tree belong to the whole host, and LXC takes them all off when it mounts the tree for a
 * machine. Keeps in `directory` what they are before the first machine starts.
 */
export async function recordCgroupOptions(directory: string): Promise<void> {
  if (Object.keys(await readRecord(directory)).length > 0) return;
  await mkdir(directory, { recursive: true });
  await writeFileAtomic(recordFile(directory), JSON.stringify(cgroupOptions(await readMounts())), 0o600);
}

/** Puts back the options that were there before. */
export async function restoreCgroupOptions(directory: string): Promise<void> {
  const now = cgroupOptions(await readMounts());
  for (const [point, before] of Object.entries(await readRecord(directory))) {
    if (before.every((option) => now[point]?.includes(option) !== false)) continue;
    await runHost("mount", ["-o", ["remount", ...before].join(","), point]);
  }
}

export async function forgetCgroupOptions(directory: string): Promise<void> {
  await rm(recordFile(directory), { force: true });
}

function recordFile(directory: string): string {
  return join(directory, "cgroup-options.json");
}

async function readRecord(directory: string): Promise<CgroupOptions> {
  return recordSchema.parse(JSON.parse(await readFile(recordFile(directory), "utf8").catch(() => "{}")));
}

function readMounts(): Promise<string> {
  return readFile("/proc/mounts", "utf8");
}
