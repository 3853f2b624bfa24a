import { readFile } from "node:fs/promises";
import { z } from "zod";
import { jsonIn } from "#helpers/files/json.ts";
import { problem } from "#helpers/terminal/report.ts";
import { SIDE_VERSION, sideSchema } from "./side.ts";
import type { Side } from "./side.ts";

const anyVersion = z.looseObject({ version: z.number() });

/** Reads a side that another process or another checkout has written. @throws {ProblemReport} */
export function readSide(text: string, title: string): Side {
  const value = jsonIn(text);
  const side = sideSchema.safeParse(value);
  if (side.success) return side.data;
  const version = anyVersion.safeParse(value).data?.version;
  const [issue] = side.error.issues;
  const wrong = issue === undefined ? "something else" : `${issue.path.join(".") || "the whole"}: ${issue.message}`;
  throw problem("This is no plan that can be compared", {
    property: title,
    found:
      version === undefined
        ? "no JSON of a plan"
        : version === SIDE_VERSION
          ? wrong
          : `a plan of version ${String(version)}`,
    expected: `a plan of version ${String(SIDE_VERSION)}, as \`npm run --silent report -- --plan\` prints it`,
    fix: "npm run --silent report -- --plan --stack office > base.json, in a checkout of the base",
  });
}

/** The text of a file that an option names. @throws {ProblemReport} */
export async function readGiven(option: string, file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw problem("There is no such file", {
      property: `${option} ${file}`,
      found: error instanceof Error ? error.message : String(error),
      expected: "a file",
      fix: "npm run report -- --base HEAD~1",
    });
  });
}
