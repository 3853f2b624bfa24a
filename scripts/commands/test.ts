import type { Command } from "commander";
import { printFailure, problem } from "../lib/report.ts";
import { parts } from "../test/parts.ts";
import type { Part, PartName, PartResult } from "../test/parts.ts";

/** `npm test [-- lint|unit|preview|lab|official …]`: runs the parts and closes with `N passed, N failed`. */
export function register(program: Command): void {
  const list = Object.entries(parts).map(([name, part]) => `${name}: ${part.summary}`);
  program
    .command("test")
    .description("lint, unit, preview and lab tests, and official ones where Pulumi's own plugins are")
    .argument("[parts...]", `which parts to run; all when none is named (${list.join("; ")})`)
    .action(async (named: string[]) => {
      const results: PartResult[] = [];
      const leftOut: string[] = [];
      for (const name of choose(named)) {
        const part: Part = parts[name];
        const why = named.length === 0 ? await part.leftOut?.() : undefined;
        if (why === undefined) results.push(...(await runPart(name)));
        else leftOut.push(`- ${name.padEnd(9)} not run: ${why}; npm test -- ${name} tells what to type`);
      }
      process.exitCode = conclude(results, leftOut);
    });
}

function choose(named: readonly string[]): readonly PartName[] {
  const known = Object.keys(parts).filter(isPart);
  const unknown = named.filter((name) => !isPart(name));
  if (unknown.length > 0) {
    throw problem("npm test was asked for a part that does not exist", {
      subject: "part",
      found: unknown.join(", "),
      expected: known.join(", "),
      next: `npm test -- ${known[0] ?? ""}`,
    });
  }
  return named.length === 0 ? known : known.filter((name) => named.includes(name));
}

function isPart(name: string): name is PartName {
  return Object.hasOwn(parts, name);
}

// What a part needs and cannot get is a failure of that part; the others still run.
async function runPart(name: PartName): Promise<readonly PartResult[]> {
  console.log(`\n── ${name}: ${parts[name].summary}`);
  try {
    return await parts[name].run();
  } catch (error) {
    printFailure(error);
    return [{ name, passed: 0, failed: 1, skipped: 0 }];
  }
}

function conclude(results: readonly PartResult[], leftOut: readonly string[]): number {
  const total = { passed: 0, failed: 0 };
  console.log("");
  for (const { name, passed, failed, skipped } of results) {
    // A test that is skipped in CI proves nothing where proof is the point.
    const counted = process.env.CI ? failed + skipped : failed;
    total.passed += passed;
    total.failed += counted;
    const note = skipped === 0 ? "" : `, ${String(skipped)} skipped${process.env.CI ? " (a failure in CI)" : ""}`;
    console.log(
      `${counted === 0 ? "✓" : "✗"} ${name.padEnd(9)} ${String(passed)} passed, ${String(failed)} failed${note}`,
    );
  }
  for (const line of leftOut) console.log(line);
  console.log(`${String(total.passed)} passed, ${String(total.failed)} failed`);
  return total.failed === 0 ? 0 : 1;
}
