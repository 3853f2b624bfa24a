import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LineCounter, parseDocument, YAMLError } from "yaml";
import { z } from "zod";
import type { Problem } from "#components/lib/problems.ts";
import { onStack } from "#components/lib/config-command.ts";
import { explain } from "#components/settings/explain.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";

const NAMESPACE = "garrison:";
const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/**
 * Some of a stack's settings by name, as its file has them.
 *
 * @param names those that are asked for; the others need not be in order. @default all
 * @throws {ProblemReport} where the file is none that Pulumi could read
 */
export function readStackFile(file: string, names?: readonly string[]): Record<string, unknown> {
  const found = stackFile.safeParse(parsed(file) ?? {});
  if (!found.success)
    throw unreadable(file, "something else than a mapping", "settings below `config:`, each `garrison:<name>`");
  const config = found.data.config ?? {};
  const all = Object.keys(config).flatMap((key) => (key.startsWith(NAMESPACE) ? [key.slice(NAMESPACE.length)] : []));
  return Object.fromEntries(
    (names ?? all).flatMap((name) => {
      const value = config[`${NAMESPACE}${name}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What a schema finds wrong with them, in the words of the reference page. */
export function settingsReport(stack: string, problems: readonly Problem[]): ProblemReport {
  const typed = problems.map(({ fix, ...one }) => (fix === undefined ? one : { ...one, fix: onStack(fix, stack) }));
  return new ProblemReport(`Settings of stack ${stack}`, typed);
}

/** The settings that a schema makes of what was given. @throws {ProblemReport} naming everything that is wrong */
export function settingsOf<T extends z.ZodType>(stack: string, schema: T, given: Record<string, unknown>): z.output<T> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw settingsReport(
    stack,
    result.error.issues.flatMap((issue) => explain(issue, given, schema)),
  );
}

function parsed(file: string): unknown {
  const lines = new LineCounter();
  try {
    const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
    const [first] = document.errors;
    if (first !== undefined) throw first;
    return document.toJS() as unknown;
  } catch (error) {
    const { message } = error as Error;
    const at = error instanceof YAMLError ? `, line ${String(lines.linePos(error.pos[0]).line)}` : "";
    const several = error instanceof YAMLError && error.code === "MULTIPLE_DOCS";
    const [said = ""] = several ? ["more than one document"] : message.split(/ at line \d+|\n/);
    throw unreadable(`${file}${at}`, said, "YAML, as `pulumi config` writes it");
  }
}

function unreadable(subject: string, found: string, expected: string): ProblemReport {
  const name = basename(subject);
  return problem("These settings cannot be read", {
    property: name,
    found,
    expected,
    fix: `put it right in ${name}`,
  });
}
