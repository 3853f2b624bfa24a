import type { Command } from "commander";
import { printFailure, problem, ProblemReport } from "#helpers/terminal/report.ts";
import { readBudget, timeLine } from "../test/budget.ts";
import { conclude } from "../test/conclude.ts";
import { endLeftoverProcesses } from "../test/leftovers.ts";
import { parts } from "../test/parts.ts";
import type { Part, PartName, PartResult } from "../test/parts.ts";
import { setUp } from "../test/set-up.ts";
import { readSweeps, recordSweeps, sweepEnvironment, sweepLine } from "../test/sweeps.ts";

/**
 * `npm test [-- lint|unit|engine|preview|lab|official …]`: runs the parts and closes with `N passed, N failed`.
 * `npm run test:full`: the same with every sweep whole.
 */
export function register(program: Command): void {
  const list = Object.entries(parts).map(([name, part]) => `${name}: ${part.summary}`);
  program
    .command("test")
    .description("lint, unit, engine, preview and lab tests, and official ones where Pulumi's own plugins are")
    .option("--full", "every sweep whole, not a part that changes from run to run; takes some minutes more")
    .argument("[parts...]", `which parts to run; all when none is named (${list.join("; ")})`)
    .action(async (named: string[], { full = false }: { readonly full?: boolean }) => {
      const chosen = choose(named);
      const sweeps = sweepEnvironment(full);
      Object.assign(process.env, sweeps);
      const results: PartResult[] = [];
      const leftOut = new Map<PartName, string>();
      for (const name of chosen) {
        const why = named.length === 0 ? await (parts[name] as Part).leftOut?.() : undefined;
        if (why !== undefined) leftOut.set(name, why);
      }
      const wanted = chosen.filter((name) => !leftOut.has(name));
      const seconds = new Map<string, number>();
      results.push(...(await timed("set-up", seconds, () => prepare(wanted))));
      for (const name of wanted) results.push(...(await timed(name, seconds, () => runPart(name))));
      const { lines, exitCode } = conclude(results, leftOut);
      const told = [timeLine(seconds, await readBudget()), sweepLine(sweeps, await readSweeps()), "", ...lines];
      console.log(`\n${told.join("\n")}`);
      process.exitCode = exitCode;
      if (full && named.length === 0 && exitCode === 0) {
        const why = await recordSweeps(new Date());
        console.error(why === undefined ? "Written: tests/sweeps.json" : `tests/sweeps.json is as it was: ${why}`);
      }
    });
}

async function timed<Result>(part: string, seconds: Map<string, number>, run: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  try {
    return await run();
  } finally {
    seconds.set(part, (performance.now() - began) / 1000);
  }
}

function choose(named: readonly string[]): readonly PartName[] {
  const known = Object.keys(parts).filter(isPart);
  const unknown = named.filter((name) => !isPart(name));
  if (unknown.length > 0) {
    throw problem("npm test was asked for a part that does not exist", {
      property: "part",
      found: unknown.join(", "),
      expected: known.join(", "),
      fix: `npm test -- ${known[0] ?? ""}`,
    });
  }
  return named.length === 0 ? known : known.filter((name) => named.includes(name));
}

function isPart(name: string): name is PartName {
  return Object.hasOwn(parts, name);
}

// What the machine lacks is a failure by itself; the tests that can do without it still run.
async function prepare(chosen: readonly PartName[]): Promise<readonly PartResult[]> {
  const wanted: readonly Part[] = chosen.map((name) => parts[name]);
  try {
    await endLeftoverProcesses();
    await setUp({
      programs: Object.fromEntries(wanted.flatMap(({ programs = {} }) => Object.entries(programs))),
      pulumi: wanted.some(({ needsPulumi }) => needsPulumi),
      docker: wanted.some(({ needsDocker }) => needsDocker),
    });
    return [];
  } catch (error) {
    printFailure(error);
    const failed = error instanceof ProblemReport ? error.problems.length : 1;
    return [{ name: "set-up", passed: 0, failed, notRun: 0 }];
  }
}

// What a part needs and cannot get is a failure of that part; the others still run.
async function runPart(name: PartName): Promise<readonly PartResult[]> {
  console.log(`\n── ${name}: ${parts[name].summary}`);
  try {
    return await parts[name].run();
  } catch (error) {
    printFailure(error);
    return [{ name, passed: 0, failed: 1, notRun: 0 }];
  }
}
