import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureInternet, removeInternet } from "#lab/internet/ensure.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

const options = { estate: { id: "nobody1", network: "10.250.0.0/16" }, directory: "/nonexistent/garrison" };

afterEach(() => vi.restoreAllMocks());

describe("without root", () => {
  it("says so before anything is made", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    const refused = await ensureInternet(options).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemReport);
    expect((refused as ProblemReport).problems).toEqual([
      {
        property: "this user",
        found: "user 1000",
        expected: "root on Linux, who may make network namespaces and rules",
        fix: "sudo npm run up",
      },
    ]);
  });

  it("has nothing to remove where nothing was made", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await removeInternet(options);
  });
});
