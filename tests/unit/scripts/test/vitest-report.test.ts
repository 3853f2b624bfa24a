import { describe, expect, it } from "vitest";
import { readVitestReport, tallyReport } from "#scripts/test/vitest-report.ts";

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});

describe("the tally of a vitest run", () => {
  it("sums the tests of all files", () => {
    const report = { testResults: [file("passed", "passed", "passed"), file("failed", "passed", "failed")] };
    expect(tallyReport(report, 1)).toEqual({ passed: 3, failed: 1, notRun: 0 });
  });

  it("counts a file that does not load as a failure", () => {
    expect(tallyReport({ testResults: [file("failed"), file("passed", "passed")] }, 1)).toMatchObject({ failed: 1 });
  });

  it("counts a bad end after good tests as a failure", () => {
    expect(tallyReport({ testResults: [file("passed", "passed")] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  it("names what was not run", () => {
    const report = { testResults: [file("passed", "passed", "skipped", "todo", "pending")] };
    expect(tallyReport(report, 0)).toEqual({ passed: 1, failed: 0, notRun: 3 });
  });

  it("counts a run without a report as a failure", async () => {
    expect(await readVitestReport("/nonexistent/report.json", 0)).toMatchObject({ failed: 1 });
  });
});
