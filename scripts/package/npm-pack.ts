import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";
import type { PublishedManifest } from "./manifest.ts";

/** Where Debian's npm has the packages that it is made of; only Debian's own Node looks there by itself. */
const debianModules = "/usr/share/nodejs";

/**
 * Packs files and manifest into a tarball with `npm pack`, which gives every file the same date and owner, so that the
 * same content is the same tarball. Works in `scratch`, asks no registry and runs none of the operator's scripts.
 */
export async function npmPack(
  manifest: PublishedManifest,
  files: ReadonlyMap<string, string>,
  scratch: string,
): Promise<Uint8Array> {
  const stage = join(scratch, manifest.name);
  const all = new Map([...files, ["package.json", `${JSON.stringify(manifest, null, 2)}\n`]]);
  for (const [path, text] of all) await place(join(stage, path), text);
  const flags = ["--ignore-scripts", "--offline", "--no-update-notifier", "--dry-run=false", "--workspaces=false"];
  const env = existsSync(debianModules) ? { NODE_PATH: debianModules } : {};
  const ended = await execa("npm", ["pack", stage, "--pack-destination", scratch, ...flags], {
    cwd: scratch,
    env,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  if (ended.exitCode !== 0) {
    throw problem(`npm does not pack ${manifest.name}`, {
      property: "npm pack",
      found: firstText(ended.all, ended.shortMessage),
      expected: "a tarball",
      fix: "npm --version (9 or newer is needed), then npm run package",
    });
  }
  return readFile(join(scratch, `${manifest.name}-${manifest.version}.tgz`));
}

/** The mode is part of the tarball, so it must not be the operator's umask. */
async function place(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o644);
}
