import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { cachedGo, fetchGo } from "#scripts/toolchain/fetch-go.ts";

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  vi.stubEnv("XDG_CACHE_HOME", scratch);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(scratch, { recursive: true, force: true });
});

/** A `go` that answers so, whatever it is asked. */
async function goThatSays(answer: string, exitCode = 0): Promise<string> {
  const file = join(scratch, "go");
  await writeFile(file, `#!/bin/sh\ncat <<'.'\n${answer}\n.\nexit ${String(exitCode)}\n`, { mode: 0o755 });
  return file;
}

test("a Go with another sum than the pinned one is refused, and nothing of it stays", async () => {
  const by = await goThatSays(JSON.stringify({ Dir: scratch, Sum: "h1:other" }));
  const refused = await fetchGo(by).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemReport);
  expect((refused as ProblemReport).problems[0]?.found).toMatch(/^the sum h1:other, which is not the pinned h1:/);
  expect(await readdir(join(scratch, "garrison", "go"))).toEqual([]);
  expect(await cachedGo()).toBeUndefined();
});

test("a proxy that does not answer is told in its own words", async () => {
  const by = await goThatSays('{"Error": "dial tcp: no such host"}', 1);
  await expect(fetchGo(by)).rejects.toMatchObject({
    problems: [
      { found: '{"Error": "dial tcp: no such host"}', fix: expect.stringContaining("go env GOPROXY") as string },
    ],
  });
});
