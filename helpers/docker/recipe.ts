import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pack } from "tar-stream";

/** What lies beside a Dockerfile, itself included: text by name. */
export type RecipeFiles = ReadonlyMap<string, string>;

/** Reads the files of a recipe's directory. */
export async function readRecipe(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const);
  return new Map(await Promise.all(texts));
}

/** Short hash of everything that decides what is built, as far as it is ours to decide. */
export function recipeHash(files: RecipeFiles, base: string): string {
  const everything = JSON.stringify([base, [...files].sort()]);
  return createHash("sha256").update(everything).digest("hex").slice(0, 16);
}

/** The build context; the same files give the same bytes. */
export function recipeContext(files: RecipeFiles): Readable {
  const context = pack();
  for (const [name, text] of [...files].sort()) {
    context.entry({ name, mode: fileMode(name), uid: 0, gid: 0, mtime: new Date(0) }, text);
  }
  context.finalize();
  return context as unknown as Readable;
}

/** Only entrypoints are run; the mode of the checkout must not decide. */
export function fileMode(name: string): number {
  return name.endsWith("entrypoint") ? 0o755 : 0o644;
}

/** Debian packages that a Dockerfile installs. */
export function packagesOf(dockerfile: string): string[] {
  const lines = dockerfile
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n/g, " ");
  const installs = [...lines.matchAll(/apt-get install ([^&|;\n]*)/g)];
  const words = installs.flatMap(([, rest = ""]) => rest.trim().split(/\s+/));
  return [...new Set(words.filter((word) => !word.startsWith("-")))].sort();
}
