import type { Problem } from "../components/lib/problems.ts";
import { ProblemReport } from "../helpers/terminal/report.ts";

/**
 * What the library finds wrong, as the command line tells it.
 *
 * @param next what to type about a problem that says nothing of it. @default nothing
 */
export function reportOf(title: string, problems: readonly Problem[], next?: string): ProblemReport {
  const told = problems.map(({ property, found, expected, fix = next }) => ({
    subject: property,
    found,
    expected,
    ...(fix !== undefined && { next: fix }),
  }));
  return new ProblemReport(title, told);
}
