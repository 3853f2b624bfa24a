import { renameSync, writeFileSync } from "node:fs";
import { refuse } from "../lib/problems.ts";
import { readNumberLock, unnumbered, withNumbers } from "./number-lock.ts";
import type { Numbered } from "./number-lock.ts";

/** Set to `write` by `garrison numbers`, for the program that it has Pulumi run. */
export const NUMBERS = "GARRISON_NUMBERS";

/**
 * Writes a number for everything that has none into a machine's lock; whoever has one keeps it.
 *
 * @returns what was new
 * @throws {ProblemsError} when there is a lock that cannot be used
 */
export function giveNumbers(file: string, wanted: Numbered): string[] {
  const { lock, problems } = readNumberLock(file);
  refuse(`Numbers in ${file}`, problems);
  const news = unnumbered(lock, wanted);
  if (news.length > 0) {
    const next = `${file}.next`;
    writeFileSync(next, `${JSON.stringify(withNumbers(lock, wanted), undefined, 2)}\n`);
    renameSync(next, file);
  }
  return news;
}
