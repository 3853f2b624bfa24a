import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseImageLock } from "../../components/container/image-lock.ts";
import type { ImageLock } from "../../components/container/image-lock.ts";
import { ProblemsError } from "../../components/lib/problems.ts";
import { writeFileAtomic } from "../lib/atomic.ts";
import { problem, ProblemReport } from "../lib/report.ts";

/** The image lock of the estate: the one that is committed. */
export const IMAGE_LOCK = resolve(import.meta.dirname, "../../images.lock.json");

/** @throws {ProblemReport} with everything that is wrong with the file */
export async function readImageLock(file: string): Promise<ImageLock> {
  const title = `The image lock ${file} cannot be used`;
  const next = `git diff -- ${file}`;
  try {
    return parseImageLock(JSON.parse(await readFile(file, "utf8")), file);
  } catch (error) {
    if (error instanceof ProblemsError) {
      const problems = error.problems.map(({ property, found, expected }) => ({
        subject: property,
        found,
        expected,
        next,
      }));
      throw new ProblemReport(title, problems);
    }
    const found = error instanceof Error ? error.message : String(error);
    throw problem(title, { subject: file, found, expected: "a JSON file with the estate's images", next });
  }
}

/** Writes the lock with its keys in order, so that a look-up changes the lines it changed and no other. */
export async function writeImageLock(file: string, lock: ImageLock): Promise<void> {
  const sorted = Object.entries(lock.images).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFileAtomic(file, `${JSON.stringify({ images: Object.fromEntries(sorted) }, null, 2)}\n`);
}
