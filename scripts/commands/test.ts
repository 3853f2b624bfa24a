import type { Command } from "commander";
import { printFailure, problem } from "../lib/report.ts";
import { parts } from "../test/parts.ts";
import type { PartName, PartResult } from "../test/parts.ts";

/** `npm test [-- lint|unit|preview|lab …]`: runs the parts and closes with `N passed, N failed`. */
export function register(program: Command): void {
  const list = Object.entries(parts).map(([name, part]) => `${name}: ${part.summary}`);
  program
    .command("test")
    .description("lint, unit, preview and lab tests")
    .argument("[parts...]", `which parts to run; all when none is named (${list.join("; ")})`)
    .action(async (named: string[]) => {
      const results: PartResult[] = [];
      for (const name of choose(named)) results.push(...(await runPart(name)));
      process.exitCode = conclude(results);
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

function conclude(results: readonly PartResult[]): number {
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
  console.log(`${String(total.passed)} passed, ${String(total.failed)} failed`);
  return total.failed === 0 ? 0 : 1;
}
