import type { Command } from "commander";
import { problem } from "#helpers/terminal/report.ts";
import { measureFirstBoot, renderFirstBoot } from "#bench/first-boot.ts";
import { renderProfile } from "#bench/profile.ts";
import { renderResult } from "#bench/report.ts";
import { profileBenchmark, runBenchmarks } from "#bench/run.ts";
import type { SeriesName } from "#bench/run.ts";

interface BenchOptions {
  readonly runs?: string;
  readonly json?: true;
}

/** `npm run bench [-- planner|host|gvisor|policies|preview|up|all|profile|first-boot]`: ratios to smaller machines, floors, Ansible, Compose. */
export function register(program: Command): void {
  program
    .command("bench")
    .description(
      "measure the planner against itself, the configuration of a machine against Ansible, gVisor against runc, the policies against one empty rule, preview and up against floor and Docker Compose, as ratios",
    )
    .argument(
      "[what]",
      "planner, host, gvisor, policies, preview, up, all; profile: where the time of a preview goes; first-boot: how long a lab machine takes until it is ready",
      "all",
    )
    .option("--runs <number>", "rounds that count, 1 to 50 (default: 5)")
    .option("--json", "print the result as JSON")
    .action(async (what: string, options: BenchOptions) => {
      if (what === "profile") {
        refuseRuns(options);
        const profile = await profileBenchmark();
        console.log(options.json === true ? JSON.stringify(profile, undefined, 2) : renderProfile(profile));
        return;
      }
      if (what === "first-boot") {
        const boot = await measureFirstBoot(runsOf(options.runs));
        console.log(options.json === true ? JSON.stringify(boot, undefined, 2) : renderFirstBoot(boot));
        return;
      }
      const names = seriesOf(what);
      const result = await runBenchmarks(names, runsOf(options.runs));
      console.log(options.json === true ? JSON.stringify(result, undefined, 2) : renderResult(result));
    });
}

const SERIES: readonly SeriesName[] = ["planner", "host", "gvisor", "policies", "preview", "up"];

function seriesOf(what: string): readonly SeriesName[] {
  if (what === "all") return SERIES;
  const named = SERIES.filter((name) => name === what);
  if (named.length > 0) return named;
  throw problem("npm run bench was asked for something that it does not measure", {
    property: "what",
    found: what,
    expected: `${SERIES.join(", ")}, all, profile or first-boot`,
    fix: "npm run bench -- preview",
  });
}

/** A profile is one run. */
function refuseRuns({ runs }: BenchOptions): void {
  if (runs === undefined) return;
  throw problem("npm run bench -- profile has no rounds", {
    property: "--runs",
    found: runs,
    expected: "nothing: it profiles one preview",
    fix: "npm run bench -- profile",
  });
}

function runsOf(text = "5"): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 50) return runs;
  throw problem("npm run bench cannot make that many rounds", {
    property: "--runs",
    found: text,
    expected: "a whole number from 1 to 50",
    fix: "npm run bench -- --runs 5",
  });
}
