import { resolve } from "node:path";
import { execa } from "execa";
import { pulumiVersion } from "../../lab/engine/versions.ts";
import { firstText } from "../lib/first-text.ts";
import { startProgress } from "../lib/progress.ts";
import type { Progress } from "../lib/progress.ts";
import { problem } from "../lib/report.ts";
import { compareVersions, parseVersion } from "./version.ts";
import type { Version } from "./version.ts";

const moduleDirectory = resolve(import.meta.dirname, "../../lab/engine/cli");
const commandPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const oldestGo: Version = [1, 25, 11];
const flags = [
  "-trimpath",
  "-buildvcs=false",
  "-tags",
  "osusergo,grpcnotrace",
  "-ldflags",
  `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
];
/** The operator's GOFLAGS must not change what is built; go.mod and go.sum pin every module. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
const tailLines = 15;

/** Builds the command line from its Go modules: the way left where Pulumi's releases cannot be downloaded. */
export async function buildCli(file: string, reason: string): Promise<void> {
  const go = await requireGo();
  console.error(
    `  ${reason}.\n  So the Pulumi command line ${pulumiVersion} is built from its Go modules with ${go}. ` +
      `This takes about 5 minutes on two processors,\n  once: the result is kept in the cache.`,
  );
  const progress = startProgress(`Building Pulumi ${pulumiVersion}`);
  try {
    await fetchModules(progress);
    await compile(file, await stalePackages(progress), progress);
    progress.done("built");
  } catch (error) {
    progress.fail();
    throw error;
  }
}

async function requireGo(): Promise<string> {
  // Asked in the module's directory, where a Go that may fetch newer ones has chosen already.
  const asked = await execa("go", ["env", "GOVERSION"], {
    cwd: moduleDirectory,
    env: environment,
    reject: false,
    stdin: "ignore",
    timeout: 120_000,
  });
  const version = parseVersion(asked.stdout);
  if (asked.exitCode === 0 && version !== undefined && compareVersions(version, oldestGo) >= 0)
    return asked.stdout.trim();
  const missing = asked.code === "ENOENT";
  throw problem("Pulumi can neither be downloaded nor built here", {
    subject: "go",
    found: missing ? "not on PATH" : firstText(asked.stdout, asked.stderr, asked.shortMessage),
    expected: `Go ${oldestGo.join(".")} or newer on PATH (the one of Debian 12 is too old)`,
    next: "install Go (https://go.dev/doc/install), or install Pulumi itself, and run the same command again",
  });
}

async function fetchModules(progress: Progress): Promise<void> {
  progress.update("fetching modules");
  let fetched = 0;
  await go(["list", "-deps", ...flags, commandPackage], (line) => {
    if (!line.startsWith("go: downloading")) return;
    fetched += 1;
    progress.update(`fetching modules, ${String(fetched)} so far`);
  });
}

/** How many packages the compiler has to make; those it made before are in its own cache. */
async function stalePackages(progress: Progress): Promise<number> {
  progress.update("counting packages");
  const listed = await go(["list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", ...flags, commandPackage]);
  return listed.split("\n").filter(Boolean).length;
}

async function compile(file: string, total: number, progress: Progress): Promise<void> {
  let compiled = 0;
  await go(["build", "-v", ...flags, "-o", file, commandPackage], () => {
    compiled += 1;
    progress.update(`${String(Math.min(compiled, total))} of ${String(total)} packages`);
  });
}

/** Runs Go; every line of its error output is handed on, and the last ones are shown when it fails. */
async function go(args: readonly string[], onLine?: (line: string) => void): Promise<string> {
  const running = execa("go", args, {
    cwd: moduleDirectory,
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
  throw problem("Building Pulumi from its Go modules failed", {
    subject: `go ${args[0] ?? ""}`,
    found: firstText(tail.join("\n"), ended.shortMessage),
    expected: "a build without errors",
    next: "look at GOPROXY and at the free space of `go env GOCACHE`, then run the same command again",
  });
}
