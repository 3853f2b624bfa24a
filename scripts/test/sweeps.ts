import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { checkout } from "#helpers/files/directories.ts";

const file = join(checkout, "tests/sweeps.json");
const recordSchema = z.strictObject({ commit: z.string(), date: z.string() });

/** The last run in which every sweep was whole and nothing failed. */
type SweepRecord = z.infer<typeof recordSchema>;

/** What the tests of this run are told: a part of each sweep, which the seed chooses, or the whole. */
export function sweepEnvironment(full: boolean, environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  if (full) return { GARRISON_TEST_SWEEPS: "whole" };
  return { GARRISON_TEST_SEED: environment.GARRISON_TEST_SEED ?? String(randomInt(4)) };
}

/** How much of the sweeps this run tried, and when all of it was tried last: one line. */
export function sweepLine({ GARRISON_TEST_SEED: seed }: Record<string, string>, last: SweepRecord | undefined): string {
  if (seed === undefined) return "sweeps: whole";
  const whole = last === undefined ? "never whole yet" : `whole at ${last.commit.slice(0, 12)} on ${last.date}`;
  return `sweeps: a quarter of each, GARRISON_TEST_SEED=${seed} repeats it; ${whole}, npm run test:full`;
}

export async function readSweeps(): Promise<SweepRecord | undefined> {
  return existsSync(file) ? recordSchema.parse(JSON.parse(await readFile(file, "utf8"))) : undefined;
}

/** Writes down that all of it was green here. @returns why not, where the commit does not say what was run */
export async function recordSweeps(date: Date): Promise<string | undefined> {
  const git = (...args: string[]) => execa("git", args, { cwd: checkout });
  if ((await git("status", "--porcelain")).stdout !== "") return "the checkout has changes that are in no commit";
  const { stdout: commit } = await git("rev-parse", "HEAD");
  const record: SweepRecord = { commit, date: date.toISOString().slice(0, 10) };
  await writeFileAtomic(file, `${JSON.stringify(record, undefined, 2)}\n`, 0o644);
  return undefined;
}
