import { join, resolve } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../helpers/files/directories.ts";
import { makeDirectoryAtomic } from "../helpers/files/atomic.ts";
import { firstText } from "../helpers/terminal/first-text.ts";
import { withLock } from "../helpers/files/lock.ts";
import { withProgress } from "../helpers/terminal/progress.ts";
import { problem } from "../helpers/terminal/report.ts";
import { requireGo } from "../scripts/toolchain/go.ts";
import { buildGoProgram } from "../scripts/toolchain/go-module.ts";
import type { GoProgram } from "../scripts/toolchain/go-module.ts";
import { isIntact, seal } from "../scripts/toolchain/seal.ts";

/** Docker Compose that Garrison is measured against; `bench/compose/go.mod` pins the same one (a test compares). */
export const composeVersion = "2.40.3";

const compose: GoProgram = {
  name: "Docker Compose",
  directory: resolve(import.meta.dirname, "compose"),
  package: "github.com/docker/compose/v2/cmd",
  flags: [
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    `-s -w -X github.com/docker/compose/v2/internal.Version=v${composeVersion}`,
  ],
  oldestGo: [1, 25, 11],
  unbuildable: "Docker Compose, which the benchmark compares with, cannot be built here",
};

/** The Docker Compose to measure: built from its Go modules on first use, then kept in the cache. */
export async function ensureCompose(): Promise<string> {
  const directory = join(cacheDirectory(), "compose", `v${composeVersion}`);
  const file = join(directory, "docker-compose");
  if (await isIntact(directory)) return file;
  await withLock(`${directory}.lock`, async () => {
    if (await isIntact(directory)) return;
    const go = await requireGo(compose);
    console.error(
      `  Docker Compose ${composeVersion} is built from its Go modules with ${go.version}: about 2 minutes, once.`,
    );
    await makeDirectoryAtomic(directory, async (made) => {
      const built = join(made, "docker-compose");
      await withProgress(`Building Docker Compose ${composeVersion}`, (progress) =>
        buildGoProgram(compose, go, built, progress),
      );
      await requireVersion(built);
      await seal(made, ["docker-compose"]);
    });
  });
  return file;
}

async function requireVersion(file: string): Promise<void> {
  const asked = await execa(file, ["version", "--short"], { reject: false, stdin: "ignore", timeout: 20_000 });
  if (asked.stdout.trim() === composeVersion) return;
  throw problem("The Docker Compose that was built does not run as expected", {
    property: file,
    found: firstText(asked.stdout, asked.stderr, asked.shortMessage),
    expected: composeVersion,
    fix: "npm run bench",
  });
}
