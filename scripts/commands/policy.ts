import type { Command } from "commander";
import { problem, ProblemReport, printFailure } from "#helpers/terminal/report.ts";
import { explanationOf } from "#policies/explain.ts";
import { withEstateOptions } from "../engine/choice.ts";
import { askEngine } from "../policy/ask-engine.ts";
import { reportConfiguration } from "../policy/input-files.ts";
import type { PolicyReport } from "../policy/policy-report.ts";
import { sarifOf } from "../policy/sarif.ts";
import { showEverything, showReport } from "../policy/show.ts";
import { sourceOf } from "../policy/sources.ts";
import type { ReportChoice } from "../policy/sources.ts";

interface ReportOptions extends ReportChoice {
  readonly config?: string;
  readonly verbose?: true;
  readonly json?: true;
  readonly sarif?: true;
}

const EXIT = { nothing: 0, mandatory: 1, notJudged: 2, advisory: 3 } as const;

const EXIT_CODES = `
Exit code: 0 nothing was found, 1 a mandatory rule was broken, 3 only advisory ones were, 2 it could not be judged.

Without --file and --deployed it is a preview: what \`npm run up\` would declare. Progress is on stderr.`;

/** `npm run policy -- report | explain`: the findings of the pack for people and programs, and the rules behind them. */
export function register(program: Command): void {
  const policy = program.command("policy").description("what the policies find, grouped by rule; what a rule is for");
  const report = withEstateOptions(policy.command("report"))
    .description("judge a stack or a state file by the policies, and group what they find by rule")
    .option("--file <state>", "a state file as `pulumi stack export` writes it, of any Pulumi program")
    .option("--deployed", "what is deployed of the stack, in the place of a preview")
    .option("--config <file>", "a configuration of the pack, such as policies/config/baseline.json")
    .option("--verbose", "every finding in full")
    .option("--json", "print JSON, as docs/how-to/read-findings.md describes it")
    .option("--sarif", "print SARIF 2.1.0")
    .addHelpText("after", EXIT_CODES);
  report.action(async (options: ReportOptions) => {
    process.exitCode = await answer(options, report.getOptionValueSource("stack") === "cli");
  });
  policy
    .command("explain")
    .description("why a rule is there, what mends a finding and who may waive it")
    .argument("[rule...]", "ids as a finding names them; --list lists them all")
    .option("--list", "every rule with its sentence")
    .action((rules: readonly string[], { list }: { list?: true }) => {
      process.exitCode = explain(list === true ? ["--list"] : rules);
    });
  for (const command of [policy, ...policy.commands])
    command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.nothing : EXIT.notJudged));
}

async function answer(options: ReportOptions, stackGiven: boolean): Promise<number> {
  try {
    refuseTogether(options, stackGiven);
    const configuration = await reportConfiguration(options.config);
    const report = await askEngine(await sourceOf(options), configuration);
    console.log(printed(report, options));
    const { mandatory, advisory } = report.counts.byLevel;
    return mandatory > 0 ? EXIT.mandatory : advisory > 0 ? EXIT.advisory : EXIT.nothing;
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    printFailure(error);
    return EXIT.notJudged;
  }
}

function printed(report: PolicyReport, { json, sarif, verbose }: ReportOptions): string {
  if (json === true) return JSON.stringify(report, undefined, 2);
  if (sarif === true) return JSON.stringify(sarifOf(report), undefined, 2);
  return verbose === true ? showEverything(report) : showReport(report);
}

/** Options of which only one can be meant. */
function refuseTogether({ file, deployed, estate, json, sarif, verbose }: ReportOptions, stackGiven: boolean): void {
  const sources = [
    ...(file === undefined ? [] : ["--file"]),
    ...(file !== undefined && stackGiven ? ["--stack"] : []),
    ...(file !== undefined && estate !== undefined ? ["--estate"] : []),
    ...(file !== undefined && deployed === true ? ["--deployed"] : []),
  ];
  const forms = Object.entries({ json, sarif, verbose }).flatMap(([name, on]) => (on === true ? [`--${name}`] : []));
  const problems = [sources, forms]
    .filter((given) => given.length > 1)
    .map((given) => ({
      property: given.join(" and "),
      found: "both",
      expected: "one of them",
      fix: `npm run policy -- report ${given[0] ?? ""}${given[0] === "--file" ? ` ${file ?? ""}` : ""}`,
    }));
  if (problems.length > 0)
    throw new ProblemReport("npm run policy -- report was asked for two things at once", problems);
}

function explain(asked: readonly string[]): number {
  try {
    console.log(explanationOf(asked));
    return EXIT.nothing;
  } catch (error) {
    printFailure(
      problem("npm run policy -- explain was asked about something that is not there", {
        property: "rule",
        found: error instanceof Error ? error.message : String(error),
        expected: "the id of a rule, as a finding names it",
        fix: "npm run policy -- explain --list",
      }),
    );
    return EXIT.notJudged;
  }
}
