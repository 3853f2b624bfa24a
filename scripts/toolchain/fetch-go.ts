import { chmod, copyFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { makeDirectoryAtomic } from "#helpers/files/atomic.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { withLock } from "#helpers/files/lock.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { problem } from "#helpers/terminal/report.ts";
import { isIntact, seal } from "./seal.ts";

/** A Go that can be called. */
export interface Go {
  readonly file: string;
  /** As it says it: `go1.27.3`. */
  readonly version: string;
}

/** The Go that is fetched where the installed one is too old. */
export const pinnedGo = "1.27.3";
/** The sums of the module that it is published as (`go mod download -json`, compared with Go's checksum database). */
const sums: Readonly<Record<string, string>> = {
  "linux-amd64": "h1:r0ub+FnqzZxoWm/dSUOI9DcIqYWn/mNYGFJcv7PyBzs=",
  "linux-arm64": "h1:VY4gDzfxOrsM17J2qtgZgiAIsWhp7XWK1jMfE3kXV0s=",
};
const answerSchema = z.object({ Dir: z.string(), Sum: z.string() });
const program = "go/bin/go";

/** The pinned Go, where it was fetched before and is undamaged. */
export async function cachedGo(): Promise<Go | undefined> {
  return (await isIntact(directory())) ? inCache() : undefined;
}

/**
 * Fetches the pinned Go with another Go of any age. Go publishes itself as a module for this; what the `go` command
 * does with it since 1.21 (make programs executable, give `go.mod` its name back) is done here for the older ones.
 * Read in cmd/go/internal/toolchain/select.go, Go 1.26.8; run with Debian 12's 1.19.
 */
export async function fetchGo(by: string): Promise<Go> {
  const place = directory();
  await withLock(`${place}.lock`, async () => {
    if (await isIntact(place)) return;
    await withProgress(`Fetching Go ${pinnedGo}`, () =>
      makeDirectoryAtomic(place, async (made) => {
        const modules = join(made, "modules");
        await rename(await download(by, modules), join(made, "go"));
        await makeRunnable(join(made, "go"));
        await rm(modules, { recursive: true });
        await seal(made, [program]);
      }),
    );
  });
  return inCache();
}

async function download(by: string, modules: string): Promise<string> {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const expected = sums[platform];
  const name = `golang.org/toolchain@v0.0.1-go${pinnedGo}.${platform}`;
  if (expected === undefined) throw notFetched(name, `no sum is pinned for ${platform}`);
  const asked = await execa(by, ["mod", "download", "-json", name], {
    cwd: "/",
    // Writable, so that a half-made one can be removed by who made it.
    env: { GOMODCACHE: modules, GOFLAGS: "-modcacherw", GOWORK: "off", GO111MODULE: "on", GOTOOLCHAIN: "local" },
    reject: false,
    stdin: "ignore",
  });
  if (asked.exitCode !== 0) throw notFetched(name, firstText(asked.stdout, asked.stderr, asked.shortMessage));
  const { Dir, Sum } = answerSchema.parse(JSON.parse(asked.stdout));
  if (Sum !== expected) throw notFetched(name, `the sum ${Sum}, which is not the pinned ${expected}`);
  return Dir;
}

async function makeRunnable(root: string): Promise<void> {
  for (const below of ["bin", "pkg/tool"]) {
    const files = await readdir(join(root, below), { recursive: true, withFileTypes: true });
    await Promise.all(
      files.filter((file) => file.isFile()).map((file) => chmod(join(file.parentPath, file.name), 0o755)),
    );
  }
  for (const below of ["src", "src/cmd"]) await copyFile(join(root, below, "_go.mod"), join(root, below, "go.mod"));
}

function directory(): string {
  return join(cacheDirectory(), "go", `v${pinnedGo}`);
}

function inCache(): Go {
  return { file: join(directory(), program), version: `go${pinnedGo}` };
}

function notFetched(name: string, found: string): Error {
  return problem("A Go that is new enough cannot be fetched", {
    property: name,
    found,
    expected: "the module with its pinned sum, from the Go module proxy",
    fix: "look at GOPROXY (go env GOPROXY), or install Go (https://go.dev/doc/install), and run the same command again",
  });
}
