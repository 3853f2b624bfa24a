import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseBuiltLock, parseImageLock } from "#components/container/image-lock.ts";
import type { BuiltLock, ImageLock } from "#components/container/image-lock.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";

/** The image lock of the estate: the one that is committed. */
export const IMAGE_LOCK = resolve(import.meta.dirname, "../../images.lock.json");

/** @throws {ProblemReport} with everything that is wrong with the file */
export async function readImageLock(file: string): Promise<ImageLock> {
  return readLock(file, await textOf(file), parseImageLock, `git diff -- ${file}`);
}

/** What the deployment of a stack built so far: nothing, where it has no lock. @throws {ProblemReport} as above */
export async function readBuiltLock(file: string, stack: string): Promise<BuiltLock> {
  const text = await readFile(file, "utf8").catch(() => '{ "images": {} }');
  return readLock(file, text, parseBuiltLock, `rm ${file}, then npm run images -- build --stack ${stack}`);
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw unusable(file, error, `ls -l ${file}`);
  });
}

function readLock<T>(file: string, text: string, parse: (json: unknown, file: string) => T, next: string): T {
  try {
    return parse(JSON.parse(text), file);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw unusable(file, error, next);
    throw new ProblemReport(
      titleOf(file),
      error.problems.map((one) => ({ fix: next, ...one })),
    );
  }
}

function titleOf(file: string): string {
  return `The image lock ${file} cannot be used`;
}

function unusable(file: string, error: unknown, next: string): ProblemReport {
  const found = error instanceof Error ? error.message : String(error);
  return problem(titleOf(file), { property: file, found, expected: "a JSON file with the estate's images", fix: next });
}

/** Writes the lock with its keys in order, so that a look-up changes the lines it changed and no other. */
export async function writeImageLock(file: string, lock: ImageLock): Promise<void> {
  await writeSorted(file, lock.images);
}

export async function writeBuiltLock(file: string, lock: BuiltLock): Promise<void> {
  await writeSorted(file, lock.images);
}

async function writeSorted(file: string, images: Readonly<Record<string, unknown>>): Promise<void> {
  const sorted = Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFileAtomic(file, `${JSON.stringify({ images: Object.fromEntries(sorted) }, null, 2)}\n`);
}
