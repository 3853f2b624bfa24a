import { execa } from "execa";
import { canInstall, installPackages } from "#helpers/programs/apt.ts";
import { firstExecutable, searchPath } from "#helpers/programs/executable.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";
import { cachedGo, fetchGo, pinnedGo } from "./fetch-go.ts";
import type { Go } from "./fetch-go.ts";
import { compareVersions, parseVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** What is to be built, as far as the Go for it is concerned. */
export interface GoRequest {
  /** Where it is built: a Go that may fetch newer ones chooses there. */
  readonly directory: string;
  readonly oldestGo: Version;
  /** What it means that there is no Go: the title of the report. */
  readonly unbuildable: string;
  /** What else somebody can do then, as part of a sentence. */
  readonly otherwise?: string;
}

/** The operator's GOFLAGS must not change what is built; go.mod and go.sum pin every module. */
export const goEnvironment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };

/** Where Go's own archive is unpacked to, by its instructions. */
const archivePlace = "/usr/local/go/bin";
/** Debian's Go, whatever its age: any Go can fetch the pinned one. The certificates are for the module proxy. */
const packages = ["golang-go", "ca-certificates"];

/**
 * A Go that is new enough: the installed one, else the pinned one, which any Go fetches as a module; where there is
 * none at all, Debian's is installed for that.
 *
 * @throws {ProblemReport} when none can be had here
 */
export async function requireGo(request: GoRequest): Promise<Go> {
  const installed = await installedGo(request.directory);
  if (installed !== undefined && isNewEnough(installed, request.oldestGo)) return installed;
  const cached = await cachedGo();
  if (cached !== undefined) return cached;
  const by = installed ?? (await debianGo(request.directory));
  if (by === undefined) throw noGo(request);
  console.error(
    `  ${by.version} is older than ${request.oldestGo.join(".")}: it fetches Go ${pinnedGo} as a module, into the cache.`,
  );
  return fetchGo(by.file);
}

async function installedGo(directory: string): Promise<Go | undefined> {
  const file = await firstExecutable([...searchPath(), archivePlace], "go");
  if (file === undefined) return undefined;
  const asked = await execa(file, ["env", "GOVERSION"], {
    cwd: directory,
    env: goEnvironment,
    reject: false,
    stdin: "ignore",
    timeout: 120_000,
  });
  const version = asked.stdout.trim();
  // One that is too old for the line `go` of go.mod may refuse to answer there, and is good enough to fetch another.
  return { file, version: version === "" ? firstText(asked.stderr, asked.shortMessage) : version };
}

async function debianGo(directory: string): Promise<Go | undefined> {
  if (!(await canInstall())) return undefined;
  await installPackages(packages);
  return installedGo(directory);
}

function isNewEnough(go: Go, oldest: Version): boolean {
  const version = parseVersion(go.version);
  return go.version.startsWith("go") && version !== undefined && compareVersions(version, oldest) >= 0;
}

function noGo({ unbuildable, oldestGo, otherwise }: GoRequest): Error {
  return problem(unbuildable, {
    property: "go",
    found: "not installed, and packages are installed by root on Debian and Ubuntu only",
    expected: `Go ${oldestGo.join(".")} or newer on PATH, or an older one, which fetches Go ${pinnedGo}`,
    fix: `sudo apt-get install ${packages.join(" ")}${otherwise ?? ""}, and run the same command again`,
  });
}
