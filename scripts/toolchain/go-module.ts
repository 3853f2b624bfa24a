import { execa } from "execa";
import { firstText } from "#helpers/terminal/first-text.ts";
import type { Progress } from "#helpers/terminal/progress.ts";
import { problem } from "#helpers/terminal/report.ts";
import { goEnvironment } from "./go.ts";
import type { GoRequest } from "./go.ts";
import type { Go } from "./fetch-go.ts";

/** A program that is built from a pinned Go module of this project. */
export interface GoProgram extends GoRequest {
  /** What people call it, for messages. */
  readonly name: string;
  /** Directory with the `go.mod` and `go.sum` that pin every module. */
  readonly directory: string;
  /** Import path of its main package. */
  readonly package: string;
  /** Flags of `go build`, the same for listing and building. */
  readonly flags: readonly string[];
}

const tailLines = 15;

type RunGo = (args: readonly string[], onLine?: (line: string) => void) => Promise<string>;

/** Builds the program into `file`; the progress line counts modules, then packages. */
export async function buildGoProgram(program: GoProgram, by: Go, file: string, progress: Progress): Promise<void> {
  const go: RunGo = (args, onLine) => runGo(by, program, args, onLine);
  await fetchModules(go, program, progress);
  const total = await stalePackages(go, program, progress);
  let compiled = 0;
  await go(["build", "-v", ...program.flags, "-o", file, program.package], () => {
    compiled += 1;
    progress.update(`${String(Math.min(compiled, total))} of ${String(total)} packages`);
  });
}

async function fetchModules(go: RunGo, program: GoProgram, progress: Progress): Promise<void> {
  progress.update("fetching modules");
  let fetched = 0;
  await go(["list", "-deps", ...program.flags, program.package], (line) => {
    if (!line.startsWith("go: downloading")) return;
    fetched += 1;
    progress.update(`fetching modules, ${String(fetched)} so far`);
  });
}

/** How many packages the compiler has to make; those it made before are in its own cache. */
async function stalePackages(go: RunGo, program: GoProgram, progress: Progress): Promise<number> {
  progress.update("counting packages");
  const format = "{{if .Stale}}{{.ImportPath}}{{end}}";
  const listed = await go(["list", "-deps", "-f", format, ...program.flags, program.package]);
  return listed.split("\n").filter(Boolean).length;
}

/** Runs Go; every line of its error output is handed on, and the last ones are shown when it fails. */
async function runGo(by: Go, program: GoProgram, ...[args, onLine]: Parameters<RunGo>): Promise<string> {
  const running = execa(by.file, args, {
    cwd: program.directory,
    env: goEnvironment,
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
    property: `go ${args[0] ?? ""}`,
    found: firstText(tail.join("\n"), ended.shortMessage),
    expected: "a build without errors",
    fix: "look at GOPROXY and at the free space of `go env GOCACHE`, then run the same command again",
  });
}
