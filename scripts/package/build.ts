import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { compilePackage } from "./compile.ts";
import { parseRepositoryManifest, publishedManifest } from "./manifest.ts";
import { npmPack } from "./npm-pack.ts";
import { publishedPackages } from "./packages.ts";
import type { PublishedPackage } from "./packages.ts";

/** A tarball as it lies in the output directory. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  /** As `package-lock.json` writes it. */
  readonly integrity: string;
}

/**
 * Makes the tarballs of all packages in `out`. Nothing is written there before all of them are made, and what else lies
 * there stays.
 *
 * @param say told which package is at work
 * @throws {ProblemReport} when one does not compile, lacks a dependency, or npm refuses
 */
export async function buildPackages(
  checkout: string,
  out: string,
  say: (what: string) => void = () => undefined,
): Promise<readonly Tarball[]> {
  const scratch = await mkdtemp(join(tmpdir(), "garrison-package-"));
  try {
    const made: (Tarball & { readonly data: Uint8Array })[] = [];
    for (const wanted of publishedPackages) {
      say(wanted.name);
      made.push(await buildPackage(checkout, wanted, out, scratch));
    }
    for (const { file, data } of made) await writeFileAtomic(file, data);
    return made.map(({ name, version, file, bytes, integrity }) => ({ name, version, file, bytes, integrity }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What runs on machines, and how images of our own are made: name in the package and path in the checkout. */
function notCompiled(checkout: string, { sources }: PublishedPackage): (readonly [path: string, source: string])[] {
  const found = globSync(["**/*.sh", "services/*/image/*"], { cwd: join(checkout, sources) });
  return [...new Set(found)].sort().map((path) => [path, join(sources, path)]);
}

async function buildPackage(checkout: string, wanted: PublishedPackage, out: string, scratch: string) {
  const repository = parseRepositoryManifest(await readFile(join(checkout, "package.json"), "utf8"));
  const compiled = compilePackage(checkout, wanted);
  const manifest = publishedManifest(wanted, repository, compiled);
  const taken = { ...wanted.files, ...Object.fromEntries(notCompiled(checkout, wanted)) };
  const copied = await Promise.all(
    Object.entries(taken).map(
      async ([path, source]) => [path, await readFile(join(checkout, source), "utf8")] as const,
    ),
  );
  const data = await npmPack(manifest, new Map([...compiled, ...copied]), scratch);
  return {
    name: manifest.name,
    version: manifest.version,
    file: join(out, `${manifest.name}-${manifest.version}.tgz`),
    bytes: data.length,
    integrity: `sha512-${createHash("sha512").update(data).digest("base64")}`,
    data,
  };
}
