import { Option } from "commander";
import type { Command } from "commander";
import { problem } from "../lib/report.ts";
import { renderResult } from "../../bench/report.ts";
import { runBenchmarks } from "../../bench/run.ts";
import type { SeriesName } from "../../bench/run.ts";

interface BenchOptions {
  readonly runs: string;
  readonly json?: true;
}

/** `npm run bench [-- preview|up|all]`: ratios against the program's own floor and against Docker Compose. */
export function register(program: Command): void {
  program
    .command("bench")
    .description("measure preview and up against their floor and against Docker Compose, as ratios")
    .argument("[what]", "preview, up or all", "all")
    .addOption(new Option("--runs <number>", "rounds that count, 1 to 50").default("5"))
    .option("--json", "print the result as JSON")
    .action(async (what: string, options: BenchOptions) => {
      const names = seriesOf(what);
      const result = await runBenchmarks(names, runsOf(options.runs));
      console.log(options.json === true ? JSON.stringify(result, undefined, 2) : renderResult(result));
    });
}

function seriesOf(what: string): readonly SeriesName[] {
  if (what === "all") return ["preview", "up"];
  if (what === "preview" || what === "up") return [what];
  throw problem("npm run bench was asked for something that it does not measure", {
    subject: "what",
    found: what,
    expected: "preview, up or all",
    next: "npm run bench -- preview",
  });
}

function runsOf(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 50) return runs;
  throw problem("npm run bench cannot make that many rounds", {
    subject: "--runs",
    found: text,
    expected: "a whole number from 1 to 50",
    next: "npm run bench -- --runs 5",
  });
}
