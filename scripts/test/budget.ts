import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";

const file = join(checkout, "tests/budget.json");

/** Minutes that a part may take on two processors, by part. */
export type Budget = Readonly<Record<string, number>>;

export async function readBudget(): Promise<Budget> {
  return z.record(z.string(), z.number().positive()).parse(JSON.parse(await readFile(file, "utf8")));
}

/** What each part took, in seconds, beside what it may: one line. A part that is over is to be mended, and fails nothing. */
export function timeLine(seconds: ReadonlyMap<string, number>, budget: Budget): string {
  const each = [...seconds].map(([part, took]) => {
    const minutes = took / 60;
    const allowed = budget[part];
    const over = allowed !== undefined && minutes > allowed ? ", over" : "";
    return `${part} ${minutes.toFixed(1)}${allowed === undefined ? "" : ` of ${String(allowed)}${over}`}`;
  });
  return `minutes, of those in tests/budget.json: ${each.join(" · ")}`;
}
