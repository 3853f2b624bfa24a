import { readFile } from "node:fs/promises";
import { z } from "zod";

/** How many tests of one part went which way. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Skipped, or left out because what they stand on failed: they have proved nothing. */
  readonly notRun: number;
}

const fileSchema = z.object({
  status: z.string(),
  assertionResults: z.array(z.object({ status: z.string() })),
});
const reportSchema = z.object({ testResults: z.array(fileSchema) });

/** What a run of vitest came to; a run that left no report counts as one failure. */
export async function readVitestReport(file: string, exitCode: number): Promise<Tally> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return { passed: 0, failed: 1, notRun: 0 };
  }
  return tallyReport(JSON.parse(text), exitCode);
}

/**
 * Sums vitest's JSON report. A file that fails without a failed test (it did not load, a hook failed) is one failure,
 * and so is a run that ended badly although every test passed (an error outside any test).
 */
export function tallyReport(report: unknown, exitCode: number): Tally {
  const files = reportSchema.parse(report).testResults;
  const statuses = files.flatMap((file) => file.assertionResults.map((result) => result.status));
  const count = (wanted: (status: string) => boolean): number => statuses.filter(wanted).length;
  const passed = count((status) => status === "passed");
  const failedTests = count((status) => status === "failed");
  const failedFiles = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((result) => result.status === "failed"),
  ).length;
  const failed = failedTests + failedFiles;
  return {
    passed,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    notRun: statuses.length - passed - failedTests,
  };
}
