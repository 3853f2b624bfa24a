import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { temporaryBeside } from "#helpers/files/atomic.ts";
import { DEBIAN_SUITE } from "./debian-files.ts";
import { debianBuilder, debianMirror } from "./host-tools.ts";
import type { Say } from "./host-tools.ts";

/** An installed Debian, with apt, and without a package source: what a recipe installs has to be there already. */
const TIDY = [
  'cd "$1"',
  "rm -f etc/apt/sources.list etc/apt/apt.conf.d/99mmdebstrap etc/resolv.conf etc/hostname",
  "rm -rf var/lib/apt/lists/* usr/share/man usr/share/info",
].join(" && ");

interface BaseOptions {
  readonly docker: Docker;
  readonly cache: string;
  readonly say: Say;
}

/**
 * The lab's base of our own images, in the place of the published one: Debian with the packages that their recipes install,
 * so that the very same recipe builds without a network. @returns its id on the daemon
 */
export async function labBase(packages: readonly string[], options: BaseOptions): Promise<string> {
  const hash = hashOf(packages);
  const tag = `garrison-lab/base:${hash}`;
  const { docker } = options;
  const known = await docker
    .getImage(tag)
    .inspect()
    .catch(() => undefined);
  if (known !== undefined) return known.Id;
  const archive = await baseArchive(packages, hash, options);
  options.say("loading the base");
  const loaded = await docker.importImage(createReadStream(archive), {
    repo: "garrison-lab/base",
    tag: hash,
  });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(loaded, (error: Error | null) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return (await docker.getImage(tag).inspect()).Id;
}

async function baseArchive(packages: readonly string[], hash: string, { cache, say }: BaseOptions): Promise<string> {
  const file = join(cache, `base-${hash}.tar`);
  if (existsSync(file)) return file;
  const builder = await debianBuilder();
  const mirror = await debianMirror();
  await mkdir(cache, { recursive: true });
  say(`installing Debian with ${packages.join(", ")}`);
  const temporary = temporaryBeside(file);
  const flags = [
    "--variant=minbase",
    "--format=tar",
    "--skip=output/dev",
    `--include=${packages.join(",")}`,
    `--customize-hook=${TIDY}`,
  ];
  try {
    await execa(builder, [...flags, DEBIAN_SUITE, temporary, `deb ${mirror} ${DEBIAN_SUITE} main`], {
      stdin: "ignore",
    });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return file;
}

function hashOf(packages: readonly string[]): string {
  const text = JSON.stringify([DEBIAN_SUITE, process.arch, TIDY, packages]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
