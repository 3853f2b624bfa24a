import pc from "picocolors";
import type { Problem } from "../../components/lib/problems.ts";

/** Every problem of one step at once. The command line prints it without a stack and leaves with exit code 1. */
export class ProblemReport extends Error {
  readonly problems: readonly Problem[];

  constructor(title: string, problems: readonly Problem[]) {
    super(title);
    this.name = "ProblemReport";
    this.problems = problems;
  }
}

/** A report of a single problem. */
export function problem(title: string, only: Problem): ProblemReport {
  return new ProblemReport(title, [only]);
}

/** The text a person reads. */
export function renderReport(report: ProblemReport): string {
  const blocks = report.problems.map((item) =>
    [
      `  ${pc.bold(item.property)}`,
      field("found", item.found),
      field("expected", item.expected),
      ...(item.fix === undefined ? [] : [field("next", item.fix)]),
    ].join("\n"),
  );
  return [pc.red(`✗ ${report.message}`), ...blocks].join("\n");
}

/** The same on one line, for what passes errors on as text. */
export function reportLine({ message, problems }: ProblemReport): string {
  const told = problems.map(({ property, found, fix }) =>
    [property === found ? found : `${property}: ${found}`, ...(fix === undefined ? [] : [`type: ${fix}`])].join("; "),
  );
  return `${message}: ${told.join(", and ")}`;
}

/** Prints what went wrong; a failure that is not a report is a bug of ours and shows where it happened. */
export function printFailure(error: unknown): void {
  if (error instanceof ProblemReport) {
    console.error(renderReport(error));
    return;
  }
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
    console.error(renderReport(fullDisk(error)));
    return;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(`${pc.red("✗ Unexpected failure in Garrison's own scripts")}\n${detail}`);
}

function fullDisk(error: Error): ProblemReport {
  return problem("The disk is full", {
    property: "path" in error ? String(error.path) : "disk",
    found: error.message,
    expected: "room for the estate's files",
    fix: "make room (df -h; docker system df shows what Docker holds), then the same command again",
  });
}

function field(name: string, text: string): string {
  const indent = " ".repeat(14);
  return `    ${`${name}:`.padEnd(10)}${text.trimEnd().replaceAll("\n", `\n${indent}`)}`;
}
