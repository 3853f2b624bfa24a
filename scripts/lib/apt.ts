import { access, constants, stat } from "node:fs/promises";
import { execa } from "execa";
import { firstText } from "./first-text.ts";
import { startProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { problem } from "./report.ts";

const listsDirectory = "/var/lib/apt/lists/partial";
const freshMs = 24 * 60 * 60 * 1000;
const tailLines = 12;

/** Whether this is Debian, Ubuntu or kin, and we may install. */
export async function canInstall(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return access("/usr/bin/apt-get", constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Those of the packages that are not installed. */
export async function missingPackages(names: readonly string[]): Promise<readonly string[]> {
  const listed = await execa("dpkg-query", ["-W", "-f", "${db:Status-Abbrev}${Package}\n", ...names], {
    reject: false,
  });
  const installed = new Set(
    listed.stdout
      .split("\n")
      .filter((line) => line.startsWith("ii "))
      .map((line) => line.slice(3).trim()),
  );
  return names.filter((name) => !installed.has(name));
}

/** Installs Debian packages, showing how far apt-get is. The caller has said why; needs `canInstall`. */
export async function installPackages(names: readonly string[]): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const progress = startProgress(`Installing ${missing.join(", ")}`);
  try {
    const updated = await updateOldLists(progress);
    let failure = await aptGet(["install", "-y", "--no-install-recommends", ...missing], progress);
    if (failure !== undefined && !updated) {
      // Lists of yesterday name packages that the mirror has replaced since.
      await update(progress);
      failure = await aptGet(["install", "-y", "--no-install-recommends", ...missing], progress);
    }
    if (failure !== undefined) throw aptProblem(`install ${missing.join(" ")}`, failure);
    progress.done();
  } catch (error) {
    progress.fail();
    throw error;
  }
}

async function updateOldLists(progress: Progress): Promise<boolean> {
  const changed = await stat(listsDirectory).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - changed < freshMs) return false;
  await update(progress);
  return true;
}

async function update(progress: Progress): Promise<void> {
  progress.update("refreshing the package lists");
  const failure = await aptGet(["update"], progress);
  if (failure !== undefined) throw aptProblem("update", failure);
}

/** Runs apt-get; undefined when it went well, else the end of what it wrote. */
async function aptGet(args: readonly string[], progress: Progress): Promise<string | undefined> {
  const running = execa(
    "apt-get",
    ["-q", "-o", "APT::Status-Fd=3", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", ...args],
    {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      reject: false,
      all: true,
    },
  );
  for await (const line of running.iterable({ from: "fd3" })) {
    const told = readStatus(line);
    if (told !== undefined) progress.update(told);
  }
  const ended = await running;
  if (ended.exitCode === 0) return undefined;
  return firstText(ended.all.trimEnd().split("\n").slice(-tailLines).join("\n"), ended.shortMessage);
}

/** A line of APT's status descriptor, `kind:package:percent:text`, as words; undefined for other lines. */
export function readStatus(line: string): string | undefined {
  const [kind, , percent, ...text] = line.split(":");
  if (kind !== "pmstatus" && kind !== "dlstatus") return undefined;
  return `${String(Math.round(Number(percent)))} % ${text.join(":").trim()}`;
}

function aptProblem(command: string, found: string): Error {
  return problem("apt-get could not do its work", {
    subject: `apt-get ${command}`,
    found,
    expected: "exit code 0",
    next: `put right what the lines above say, try it by hand (apt-get ${command}) and run the same command again`,
  });
}
