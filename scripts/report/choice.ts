import { isDay } from "#policies/lib/days.ts";
import { checkout } from "#helpers/files/directories.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { commitOf, sideOfCheckout, sideOfCommit } from "./base.ts";
import { previewSide } from "./preview/preview-side.ts";
import { readGiven, readSide } from "./read-side.ts";
import { reportOn } from "./report.ts";
import type { Report } from "./report.ts";
import type { Side } from "./side.ts";

/** What is compared with what. */
export interface ReportChoice {
  readonly stack: string;
  readonly base?: string;
  readonly basePlan?: string;
  readonly from?: string;
  readonly to?: string;
  readonly name?: string;
  readonly asOf: string;
}

/** Compares what was chosen. @throws {ProblemReport} where that is not two sides, or one of them cannot be had */
export async function reportFor(choice: ReportChoice): Promise<Report> {
  refuse(choice);
  const { from, to } = choice;
  return from !== undefined && to !== undefined ? previews(choice, from, to) : plans(choice);
}

async function plans({ stack, base, basePlan, name = stack, asOf }: ReportChoice): Promise<Report> {
  const planned = { stack, asOf };
  // What can be refused at once is, before a side is planned.
  const given = basePlan === undefined ? undefined : await givenPlan(basePlan);
  const commit = given === undefined ? await commitOf(checkout, base ?? "") : "";
  const [before, after] = await withProgress("Planning both sides", () =>
    Promise.all([
      given ?? sideOfCommit(checkout, commit, base ?? "", planned),
      sideOfCheckout(checkout, planned, "this checkout"),
    ]),
  );
  return reportOn(before, after, { name, before: basePlan ?? commit.slice(0, 12), after: "this checkout", asOf });
}

async function givenPlan(file: string): Promise<Side> {
  return readSide(await readGiven("--base-plan", file), `--base-plan ${file}`);
}

async function previews({ name, asOf }: ReportChoice, from: string, to: string): Promise<Report> {
  const sides = await Promise.all(
    [["--from", from] as const, ["--to", to] as const].map(async ([option, file]) =>
      previewSide(await readGiven(option, file), `${option} ${file}`, asOf),
    ),
  );
  const [before, after] = sides;
  if (before === undefined || after === undefined) throw new Error("two files give two sides");
  return reportOn(before, after, { name: name ?? after.stack, before: "the first preview", after: "the second", asOf });
}

function refuse({ base, basePlan, from, to, asOf }: ReportChoice): void {
  const given = Object.entries({ "--base": base, "--base-plan": basePlan, "--from": from, "--to": to }).flatMap(
    ([option, value]) => (value === undefined ? [] : [option]),
  );
  const wanted = [["--base"], ["--base-plan"], ["--from", "--to"]];
  const fits = wanted.some((options) => options.join() === given.join());
  const problems: Problem[] = [
    ...(fits
      ? []
      : [
          {
            property: "what is compared",
            found: given.length === 0 ? "nothing" : given.join(" and "),
            expected: "--base <ref>, or --base-plan <file>, or --from <file> and --to <file>",
            fix: "npm run report -- --stack office --base HEAD~1",
          },
        ]),
    ...(isDay(asOf)
      ? []
      : [
          {
            property: "--as-of",
            found: asOf,
            expected: "a day as YYYY-MM-DD",
            fix: "npm run report -- --base HEAD~1 --as-of 2026-12-01",
          },
        ]),
  ];
  if (problems.length > 0) throw new ProblemReport("npm run report cannot tell what to compare", problems);
}

/** The day on which waivers are looked at, where nobody names another. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
