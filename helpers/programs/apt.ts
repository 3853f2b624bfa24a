import { access, constants, stat } from "node:fs/promises";
import { execa } from "execa";
import { firstText } from "../terminal/first-text.ts";
import { startProgress } from "../terminal/progress.ts";
import type { Progress } from "../terminal/progress.ts";
import { problem } from "../terminal/report.ts";

const listsDirectory = "/var/lib/apt/lists/partial";
const freshMs = 24 * 60 * 60 * 1000;
const tailLines = 12;
const noninteractive = { DEBIAN_FRONTEND: "noninteractive" };

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

/** Package sources beside the host's own. */
interface OtherSources {
  /** Directory of source files that apt reads in the place of the host's `sources.list.d`. */
  readonly parts: string;
  /** Directory of the package lists that belong to them. */
  readonly lists: string;
  /** The suite that counts as much as the host's own. */
  readonly suite: string;
}

/** What makes apt-get use other sources for one call. */
export function aptOptionsFor({ parts, lists, suite }: OtherSources): readonly string[] {
  const settings = [`Dir::Etc::sourceparts=${parts}`, `Dir::State::lists=${lists}`, "Dir::Cache::pkgcache="];
  return [...settings.flatMap((setting) => ["-o", setting]), "-t", suite];
}

/**
 * Installs Debian packages, showing how far apt-get is. The caller has said why; needs `canInstall`.
 *
 * @param options for every call of apt-get: `aptOptionsFor` other sources. Their lists are always refreshed.
 */
export async function installPackages(names: readonly string[], options: readonly string[] = []): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const progress = startProgress(`Installing ${missing.join(", ")}`);
  const install = [...options, "install", "-y", "--no-install-recommends", ...missing];
  try {
    const updated = options.length > 0 ? await update(progress, options) : await updateOldLists(progress);
    let failure = await aptGet(install, progress);
    if (failure?.includes("dpkg --configure -a")) {
      // A killed run left packages that are unpacked and not set up; apt-get does nothing before that is done.
      await execa("dpkg", ["--configure", "-a"], { reject: false, stdin: "ignore", env: noninteractive });
      failure = await aptGet(install, progress);
    }
    if (failure !== undefined && !updated) {
      // Lists of yesterday name packages that the mirror has replaced since.
      await update(progress);
      failure = await aptGet(install, progress);
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
  return update(progress);
}

async function update(progress: Progress, options: readonly string[] = []): Promise<true> {
  progress.update("refreshing the package lists");
  const failure = await aptGet([...options, "update"], progress);
  if (failure !== undefined) throw aptProblem("update", failure);
  return true;
}

/** Runs apt-get; undefined when it went well, else the end of what it wrote. */
async function aptGet(args: readonly string[], progress: Progress): Promise<string | undefined> {
  const running = execa(
    "apt-get",
    ["-q", "-o", "APT::Status-Fd=3", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0", ...args],
    {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: noninteractive,
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
    property: `apt-get ${command}`,
    found,
    expected: "exit code 0",
    fix: `put right what the lines above say, try it by hand (apt-get ${command}) and run the same command again`,
  });
}
