import { link, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { makeDirectoryAtomic } from "#helpers/files/atomic.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";
import { fetchRelease } from "./release.ts";
import type { ReleaseSource } from "./release.ts";
import { hasSeal, isIntact, seal } from "./seal.ts";
import { UnreachableError } from "./unreachable.ts";

/** The files of an official release that this project cannot do without. */
const releaseFiles = ["pulumi", "pulumi-language-nodejs"] as const;

interface CacheOptions {
  /** Holds one version: `bin/` for the lab's command line, `official/` for a downloaded release. */
  readonly directory: string;
  readonly source: ReleaseSource;
  /** Makes the command line where it cannot be downloaded; told why it cannot. */
  readonly build: (file: string, reason: string) => Promise<void>;
}

/** The Pulumi command line of one version outside the tree. Safe against two at once, kills and damaged files. */
export interface PulumiCache {
  /** The downloaded official command line, if it is there and undamaged. */
  official(): Promise<string | undefined>;
  /** Whether the lab's command line is there and undamaged. */
  hasLab(): Promise<boolean>;
  /** Downloads the official release; undefined where its host cannot be reached. */
  obtainOfficial(): Promise<string | undefined>;
  /** The lab's command line: the official file where it can be had, else built from its modules. */
  obtainLab(): Promise<string>;
}

export function openCache(options: CacheOptions): PulumiCache {
  const { directory, source } = options;
  const labDirectory = join(directory, "bin");
  const labFile = join(labDirectory, "pulumi");
  const officialDirectory = join(directory, "official");
  // One look a run is enough; the next run looks again.
  let unreachable: UnreachableError | undefined;

  const official = async (): Promise<string | undefined> =>
    (await isIntact(officialDirectory)) ? join(officialDirectory, "pulumi") : undefined;

  const download = async (): Promise<string | undefined> => {
    const cached = await official();
    if (cached !== undefined || unreachable !== undefined) return cached;
    try {
      await makeDirectoryAtomic(officialDirectory, async (made) => {
        await fetchRelease(source, made, directory);
        await requireVersion(join(made, "pulumi"), source.version);
        await seal(made, releaseFiles);
      });
      return join(officialDirectory, "pulumi");
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      unreachable = error;
      return undefined;
    }
  };

  const makeLab = async (): Promise<void> => {
    const downloaded = await download();
    await makeDirectoryAtomic(labDirectory, async (made) => {
      const file = join(made, "pulumi");
      if (downloaded === undefined) await options.build(file, unreachable?.message ?? "the download was not tried");
      else await link(downloaded, file);
      await requireVersion(file, source.version);
      await seal(made, ["pulumi"]);
    });
  };

  return {
    official,
    hasLab: () => isIntact(labDirectory),
    obtainOfficial: () => locked(directory, download),
    obtainLab: async () => {
      if (await isIntact(labDirectory)) return labFile;
      await locked(directory, async () => {
        if ((await isIntact(labDirectory)) || (await adopt(labDirectory, source.version))) return;
        await makeLab();
      });
      return labFile;
    },
  };
}

/** A file that was put there by hand is taken when it says the right version; a sealed one that changed is not. */
async function adopt(directory: string, version: string): Promise<boolean> {
  if (await hasSeal(directory)) return false;
  try {
    await requireVersion(join(directory, "pulumi"), version);
  } catch {
    return false;
  }
  await seal(directory, ["pulumi"]);
  return true;
}

async function requireVersion(file: string, version: string): Promise<void> {
  const asked = await execa(file, ["version"], {
    reject: false,
    stdin: "ignore",
    timeout: 20_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const answer = asked.stdout.trim();
  if (answer === `v${version}`) return;
  throw problem("The Pulumi command line that was fetched does not run as expected", {
    property: file,
    found: firstText(answer, asked.stderr, asked.shortMessage),
    expected: `v${version}`,
    fix: "run the same command again; it starts afresh",
  });
}

async function locked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const run = async (): Promise<T> => {
    await removeLeftovers(directory);
    return work();
  };
  return withLock(`${directory}.lock`, run, {
    onWait: ({ pid }) => {
      console.error(`  Process ${String(pid)} is fetching the Pulumi command line; waiting for it`);
    },
  });
}

// What a killed run had begun. Under the lock nobody else is at work here.
async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const begun = names.filter((name) => name.startsWith(".official.") || name.startsWith(".bin."));
  await Promise.all(begun.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}
