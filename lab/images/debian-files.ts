import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { temporaryBeside } from "#helpers/files/atomic.ts";
import { debianBuilder, debianMirror } from "./host-tools.ts";
import type { Say } from "./host-tools.ts";

export const DEBIAN_SUITE = "trixie";

// Copyright notices stay. What Debian's package tools leave behind is of no use in an image without them.
const TIDY = [
  'cd "$1"',
  "mkdir -p usr/share/garrison-lab",
  'for log in usr/share/doc/*/changelog.Debian*.gz; do [ -f "$log" ] || continue; zcat "$log" | head -n 1; done' +
    " > usr/share/garrison-lab/packages",
  "find usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete",
  "rm -rf usr/share/man usr/share/locale usr/share/info etc/apt etc/resolv.conf etc/hostname etc/fstab",
].join(" && ");

/**
 * The files of Debian packages and of everything they depend on, as an archive in `cache`. Packages are unpacked and
 * not configured: an image that runs one program has no use for accounts, services and package tools.
 */
export async function debianFiles(packages: readonly string[], cache: string, say: Say): Promise<string> {
  const file = join(cache, `debian-${hashOf(packages)}.tar`);
  if (existsSync(file)) return file;
  const builder = await debianBuilder();
  const mirror = await debianMirror();
  await mkdir(cache, { recursive: true });
  say(`fetching Debian packages: ${packages.join(", ")}`);
  const temporary = temporaryBeside(file);
  try {
    await execa(
      builder,
      [
        "--variant=extract",
        "--format=tar",
        "--skip=output/dev",
        `--include=${packages.join(",")}`,
        `--customize-hook=${TIDY}`,
        DEBIAN_SUITE,
        temporary,
        `deb ${mirror} ${DEBIAN_SUITE} main`,
      ],
      { stdin: "ignore" },
    );
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
