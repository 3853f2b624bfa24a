import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { ProblemReport, printFailure } from "#helpers/terminal/report.ts";
import { reportFor, today } from "../report/choice.ts";
import type { ReportChoice } from "../report/choice.ts";
import { GATES, readGates, shutGates } from "../report/gates.ts";
import { inJson } from "../report/json.ts";
import type { Report } from "../report/report.ts";
import { inMarkdownWhole } from "../report/show/markdown.ts";
import { inTerminalWhole } from "../report/show/terminal.ts";

interface ReportOptions extends ReportChoice {
  readonly plan?: true;
  readonly json?: true;
  readonly terminal?: true;
  readonly failOn: readonly string[];
}

const EXIT = { done: 0, shut: 1, notCompared: 2 } as const;

const HELP = `
Gates of --fail-on:
${Object.entries(GATES)
  .map(([name, { summary }]) => `  ${name.padEnd(13)}${summary}`)
  .join("\n")}

Exit code: 0 it was compared, 1 a gate of --fail-on is shut, 2 it could not be compared.
Markdown is printed unless --json or --terminal is given. Progress is on stderr. No engine and no daemon is asked.`;

/** `npm run report -- --base <ref>`: what a change does to reach, data, secrets and waivers. */
export function register(program: Command): void {
  program
    .command("report")
    .description(
      "what a change does: who reaches what, whose data, which keys and waivers; as a comment for a pull request",
    )
    .option("--stack <stack>", "the stack whose committed settings count", "office")
    .option("--base <ref>", "the commit to compare this checkout with")
    .option("--base-plan <file>", "the base's plan as a file, where it needs other packages")
    .option("--from <file>", "`pulumi preview --json` of any program before the change")
    .option("--to <file>", "the same after it")
    .option("--name <name>", "the estate's name in the comment; by default the stack's")
    .option("--as-of <day>", "the day on which waivers are looked at, as YYYY-MM-DD; by default today")
    .option("--fail-on <gate...>", "leave with 1 where the change does this")
    .option("--plan", "print what this checkout plans, for --base-plan elsewhere, and compare nothing")
    .option("--json", "print JSON, as docs/reference/report.schema.json describes it")
    .option("--terminal", "print it for a terminal of 80 columns")
    .addHelpText("after", HELP)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.done : EXIT.notCompared))
    .action(async (options: Partial<ReportOptions> & { readonly stack: string }) => {
      process.exitCode = await answer({ ...options, asOf: options.asOf ?? today(), failOn: options.failOn ?? [] });
    });
}

async function answer(options: ReportOptions): Promise<number> {
  try {
    refuseTogether(options);
    if (options.plan === true) {
      await printPlan(options);
      return EXIT.done;
    }
    const gates = readGates(options.failOn);
    const report = await reportFor(options);
    const shut = shutGates(gates, report.changes);
    console.log(printed(report, options, () => inJson(report, shut)));
    if (shut.length > 0) console.error(`Shut by --fail-on: ${shut.join(", ")}`);
    return shut.length > 0 ? EXIT.shut : EXIT.done;
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    printFailure(error);
    return EXIT.notCompared;
  }
}

/** It loads the program and the SDK, which a comparison of two files has no use for. */
async function printPlan({ stack, asOf }: ReportOptions): Promise<void> {
  const { plannedSide } = await import("../report/plan/planned-side.ts");
  console.log(JSON.stringify(await plannedSide(stack, checkout, asOf)));
}

function printed(report: Report, { json, terminal }: ReportOptions, asJson: () => string): string {
  if (json === true) return asJson();
  return terminal === true ? inTerminalWhole(report) : inMarkdownWhole(report);
}

/** Options of which only one can be meant. */
function refuseTogether({ plan, json, terminal, base, basePlan, from, to, name, failOn }: ReportOptions): void {
  const forms = Object.entries({ plan, json, terminal }).flatMap(([option, on]) =>
    on === true ? [`--${option}`] : [],
  );
  const compared = Object.entries({ base, "base-plan": basePlan, from, to, name, "fail-on": failOn[0] });
  const unused = plan === true ? compared.flatMap(([option, on]) => (on === undefined ? [] : [`--${option}`])) : [];
  const problems = [
    ...(forms.length > 1 ? [{ property: forms.join(" and "), expected: "one form" }] : []),
    ...(unused.length > 0
      ? [{ property: `--plan and ${unused.join(", ")}`, expected: "--plan alone: it compares nothing" }]
      : []),
  ].map((one) => ({ ...one, found: "both", fix: "npm run report -- --base HEAD~1 --json" }));
  if (problems.length > 0) throw new ProblemReport("npm run report was asked for two things at once", problems);
}
