import type { PartResult } from "./parts.ts";

/** The closing table, whose last line is `N passed, N failed`. A test that did not run proves nothing: it has failed. */
export function conclude(results: readonly PartResult[]): { lines: readonly string[]; exitCode: number } {
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
  lines.push(`${String(total.passed)} passed, ${String(total.failed)} failed`);
  return { lines, exitCode: total.failed === 0 ? 0 : 1 };
}
