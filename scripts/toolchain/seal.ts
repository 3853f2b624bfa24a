import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";

const sealFile = ".seal.json";
const sealSchema = z.record(z.string(), z.object({ size: z.number(), mtimeMs: z.number(), sha256: z.string() }));

/** Writes down what the files of a cache directory are, so that a damaged one is noticed and made again. */
export async function seal(directory: string, files: readonly string[]): Promise<void> {
  const entries: Record<string, { size: number; mtimeMs: number; sha256: string }> = {};
  for (const name of files) {
    const file = join(directory, name);
    const { size, mtimeMs } = await stat(file);
    entries[name] = { size, mtimeMs, sha256: await sha256Of(file) };
  }
  await writeFileAtomic(join(directory, sealFile), JSON.stringify(entries));
}

/** Whether a seal was written here at all. */
export async function hasSeal(directory: string): Promise<boolean> {
  return (await readSeal(directory)) !== undefined;
}

/** Whether the files are those that were sealed. Contents are read only where size or time gives a doubt. */
export async function isIntact(directory: string): Promise<boolean> {
  const entries = await readSeal(directory);
  if (entries === undefined) return false;
  for (const [name, entry] of Object.entries(entries)) {
    const file = join(directory, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.size !== entry.size) return false;
    if (found.mtimeMs !== entry.mtimeMs && (await sha256Of(file)) !== entry.sha256) return false;
  }
  return true;
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function readSeal(directory: string): Promise<z.infer<typeof sealSchema> | undefined> {
  try {
    return sealSchema.parse(JSON.parse(await readFile(join(directory, sealFile), "utf8")));
  } catch {
    return undefined;
  }
}
