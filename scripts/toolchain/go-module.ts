import { execa } from "execa";
import { firstText } from "../lib/first-text.ts";
import type { Progress } from "../lib/progress.ts";
import { problem } from "../lib/report.ts";
import { compareVersions, parseVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** A program that is built from a pinned Go module of this project. */
export interface GoProgram {
  /** What people call it, for messages. */
  readonly name: string;
  /** Directory with the `go.mod` and `go.sum` that pin every module. */
  readonly directory: string;
  /** Import path of its main package. */
  readonly package: string;
  /** Flags of `go build`, the same for listing and building. */
  readonly flags: readonly string[];
  /** Oldest Go that builds it. */
  readonly oldestGo: Version;
  /** What it means that there is no Go: the title of the report. */
  readonly unbuildable: string;
  /** What else somebody can do then, as part of a sentence. */
  readonly otherwise?: string;
}

/** The operator's GOFLAGS must not change what is built; go.mod and go.sum pin every module. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
const tailLines = 15;

/** The installed Go, as `go1.26.1`. @throws {ProblemReport} when it is missing or too old */
export async function requireGo(program: GoProgram): Promise<string> {
  // Asked in the module's directory, where a Go that may fetch newer ones has chosen already.
  const asked = await execa("go", ["env", "GOVERSION"], {
    cwd: program.directory,
    env: environment,
    reject: false,
    stdin: "ignore",
    timeout: 120_000,
  });
  const version = parseVersion(asked.stdout);
  if (asked.exitCode === 0 && version !== undefined && compareVersions(version, program.oldestGo) >= 0)
    return asked.stdout.trim();
  const missing = asked.code === "ENOENT";
  throw problem(program.unbuildable, {
    subject: "go",
    found: missing ? "not on PATH" : firstText(asked.stdout, asked.stderr, asked.shortMessage),
    expected: `Go ${program.oldestGo.join(".")} or newer on PATH (the one of Debian 12 is too old)`,
    next: `install Go (https://go.dev/doc/install)${program.otherwise ?? ""}, and run the same command again`,
  });
}

/** Builds the program into `file`; the progress line counts modules, then packages. */
export async function buildGoProgram(program: GoProgram, file: string, progress: Progress): Promise<void> {
  await fetchModules(program, progress);
  const total = await stalePackages(program, progress);
  let compiled = 0;
  await go(program, ["build", "-v", ...program.flags, "-o", file, program.package], () => {
    compiled += 1;
    progress.update(`${String(Math.min(compiled, total))} of ${String(total)} packages`);
  });
}

async function fetchModules(program: GoProgram, progress: Progress): Promise<void> {
  progress.update("fetching modules");
  let fetched = 0;
  await go(program, ["list", "-deps", ...program.flags, program.package], (line) => {
    if (!line.startsWith("go: downloading")) return;
    fetched += 1;
    progress.update(`fetching modules, ${String(fetched)} so far`);
  });
}

/** How many packages the compiler has to make; those it made before are in its own cache. */
async function stalePackages(program: GoProgram, progress: Progress): Promise<number> {
  progress.update("counting packages");
  const format = "{{if .Stale}}{{.ImportPath}}{{end}}";
  const listed = await go(program, ["list", "-deps", "-f", format, ...program.flags, program.package]);
  return listed.split("\n").filter(Boolean).length;
}

/** Runs Go; every line of its error output is handed on, and the last ones are shown when it fails. */
async function go(program: GoProgram, args: readonly string[], onLine?: (line: string) => void): Promise<string> {
  const running = execa("go", args, {
    cwd: program.directory,
    env: environment,
    reject: false,
    stdin: "ignore",
    maxBuffer: 50_000_000,
  });
  const tail: string[] = [];
  for await (const line of running.iterable({ from: "stderr" })) {
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    onLine?.(line);
  }
  const ended = await running;
  if (ended.exitCode === 0) return ended.stdout;
  throw problem(`Building ${program.name} from its Go modules failed`, {
    subject: `go ${args[0] ?? ""}`,
    found: firstText(tail.join("\n"), ended.shortMessage),
    expected: "a build without errors",
    next: "look at GOPROXY and at the free space of `go env GOCACHE`, then run the same command again",
  });
}
