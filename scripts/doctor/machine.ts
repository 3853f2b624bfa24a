import { constants } from "node:fs";
import { access, readFile, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { hostResources } from "#lab/estate/estate.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { findOnPath } from "../toolchain/on-path.ts";
import { note, ok, wrong } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** The first Node that runs TypeScript without a flag. */
const oldestNode = [22, 18] as const;
/** What the lab's images, the engine and some logs need together, in GiB. */
const neededDisk = 5;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  if (enough) return ok("Node", version);
  return wrong("Node", `${version}; needed: ${oldestNode.join(".")} or newer`, "npm ci (brings Node 24)");
}

export async function checkPulumi(): Promise<Finding> {
  try {
    const installed = await findOnPath();
    if (installed !== undefined) return ok("Pulumi", `${installed.version}, ${installed.file}`);
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    const [only] = error.problems;
    return wrong("Pulumi", only?.found ?? error.message, only?.fix ?? "npm run up");
  }
  const cached = pulumiCacheFile();
  try {
    await access(cached, constants.X_OK);
    return ok("Pulumi", cached);
  } catch {
    return wrong("Pulumi", "neither on PATH nor in the cache", "npm run up (downloads or builds it)");
  }
}

export async function checkDisk(places: readonly string[]): Promise<Finding[]> {
  return Promise.all(places.map(checkPlace));
}

async function checkPlace(place: string): Promise<Finding> {
  const name = `disk at ${place}`;
  try {
    const { bavail, bsize, ffree, files } = await statfs(await existing(place));
    const free = (bavail * bsize) / 1024 ** 3;
    const room = `${free.toFixed(1)} GiB free`;
    if (free < neededDisk) return wrong(name, `${room}; needed: ${String(neededDisk)}`, "docker system df; df -h");
    if (files > 0 && ffree / files < 0.01) return wrong(name, `${room}, but no inodes`, "df -i");
    return ok(name, room);
  } catch (error) {
    return wrong(name, String(error), `ls -ld ${place}`);
  }
}

/** The nearest directory that is there: a cache that was not made yet will be made on its file system. */
async function existing(place: string): Promise<string> {
  try {
    await access(place);
    return place;
  } catch {
    return existing(dirname(place));
  }
}

export function checkMemory(estate: Estate | undefined, now = hostResources()): Finding {
  const name = "memory";
  if (estate === undefined) return ok(name, `${String(now.memoryMiB)} MiB`);
  const { memoryMiB } = estate.resources;
  // The kernel's own share changes a little with every kernel.
  if (now.memoryMiB >= memoryMiB * 0.97) return ok(name, `${String(now.memoryMiB)} MiB`);
  return wrong(
    name,
    `${String(now.memoryMiB)} MiB; the limits of estate ${estate.name} were laid out for ${String(memoryMiB)} MiB`,
    `correct resources.memoryMiB in ${estate.files.facts}, then npm run up`,
  );
}

/** Without the pids controller no limit on processes holds. */
export async function checkPidsController(): Promise<Finding> {
  const name = "cgroup pids controller";
  if (process.platform !== "linux") return note(name, "not Linux: Docker's own virtual machine has it");
  try {
    await access("/sys/fs/cgroup/pids");
    return ok(name, "cgroup v1");
  } catch {
    const controllers = await readFile("/sys/fs/cgroup/cgroup.controllers", "utf8").catch(() => "");
    if (controllers.split(/\s+/).includes("pids")) return ok(name, "cgroup v2");
    return wrong(name, "not there", "mount -t cgroup2 none /sys/fs/cgroup, or boot a kernel with CONFIG_CGROUP_PIDS");
  }
}

/** Commands that the host's part of a deployment calls, each with the package that has it. */
export async function checkPrograms(packages: Readonly<Record<string, string>>): Promise<Finding> {
  const names = Object.keys(packages);
  const found = await Promise.all(names.map((name) => firstExecutable(systemPath(), name)));
  const missing = names.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return ok("programs", names.join(", "));
  const wanted = missing.map((name) => packages[name]).join(" ");
  return wrong(
    "programs",
    `not found: ${missing.join(", ")}`,
    `apt-get install ${wanted} (npm run up does it as root)`,
  );
}
