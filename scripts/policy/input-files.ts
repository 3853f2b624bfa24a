import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SETTINGS_ID } from "#policies/lib/settings.ts";
import { jsonIn } from "#helpers/files/json.ts";
import { problem } from "#helpers/terminal/report.ts";
import type { ProblemReport } from "#helpers/terminal/report.ts";

const objectSchema = z.record(z.string(), z.unknown());
const stateSchema = z.looseObject({ deployment: z.looseObject({ resources: z.array(z.unknown()).nullish() }) });

const STATE = {
  option: "--file",
  expected: "a state as `pulumi stack export` writes it",
  next: "pulumi stack export --file state.json, then npm run policy -- report --file state.json",
};

const CONFIGURATION = {
  option: "--config",
  expected: "a configuration of the pack, as JSON: an object with the ids of rules as names",
  next: "npm run policy -- report --config policies/config/strict.json",
};

type Wanted = typeof STATE;

/**
 * The configuration of the pack for a report: what the file says, with findings told for programs.
 *
 * @throws {ProblemReport} when there is no such file, or no configuration in it
 */
export async function reportConfiguration(file: string | undefined): Promise<string> {
  const given = file === undefined ? {} : await readObject(file, CONFIGURATION);
  const own = objectSchema.safeParse(given[SETTINGS_ID]);
  return JSON.stringify({ ...given, [SETTINGS_ID]: { ...own.data, messages: "json" } });
}

/** Refuses what is no state before an engine is started for it. @throws {ProblemReport} */
export async function requireState(file: string): Promise<void> {
  const given = await readObject(file, STATE);
  if (stateSchema.safeParse(given).success) return;
  throw wrong(file, STATE, `JSON with ${Object.keys(given).slice(0, 5).join(", ") || "nothing in it"}`);
}

async function readObject(file: string, wanted: Wanted): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw wrong(file, wanted, error instanceof Error ? error.message : String(error));
  });
  const parsed = objectSchema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  throw wrong(file, wanted, text.trim() === "" ? "an empty file" : "no JSON object");
}

function wrong(file: string, { option, expected, next }: Wanted, found: string): ProblemReport {
  return problem("npm run policy -- report cannot read what it was given", {
    property: `${option} ${file}`,
    found,
    expected,
    fix: next,
  });
}
