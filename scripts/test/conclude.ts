import type { PartName, PartResult } from "./parts.ts";

/**
 * The closing table, whose last line is `N passed, N failed`. A test that did not run proves nothing: it has failed.
 *
 * @param leftOut parts that no plain run has here, and why; they are named, and count for nothing
 */
export function conclude(
  results: readonly PartResult[],
  leftOut: ReadonlyMap<PartName, string> = new Map(),
): { lines: readonly string[]; exitCode: number } {
  const total = { passed: 0, failed: 0 };
  const lines: string[] = [];
  for (const { name, passed, failed, notRun } of results) {
    const counted = failed + notRun;
    total.passed += passed;
    total.failed += counted;
    const note = notRun === 0 ? "" : ` (${String(notRun)} of them did not run)`;
    const sign = counted === 0 ? "✓" : "✗";
    lines.push(`${sign} ${name.padEnd(9)} ${String(passed)} passed, ${String(counted)} failed${note}`);
  }
  for (const [name, why] of leftOut) {
    lines.push(`- ${name.padEnd(9)} not run: ${why}; npm test -- ${name} tells what to type`);
  }
  lines.push(`${String(total.passed)} passed, ${String(total.failed)} failed`);
  return { lines, exitCode: total.failed === 0 ? 0 : 1 };
}
