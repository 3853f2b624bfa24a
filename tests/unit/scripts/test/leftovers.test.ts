import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { ownIdentity, startOf } from "#helpers/processes/process-identity.ts";
import { endLeftoverProcesses, isLeftover, markOf } from "#scripts/test/leftovers.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("only what a run that is gone has started is left over", () => {
  const own = ownIdentity();
  expect(isLeftover([`GARRISON_TEST_RUN=${markOf(own)}`])).toBe(false);
  const gone = `GARRISON_TEST_RUN=${markOf({ ...own, started: "1" })}`;
  expect(isLeftover([gone])).toBe(true);
  // The same number in a container is another process, which only the container can look for.
  expect(isLeftover([gone.replace(/pid:\[\d+\]/, "pid:[1]")])).toBe(false);
  expect(isLeftover(["GARRISON_TEST_RUN=nonsense", "HOME=/"])).toBe(false);
  expect(isLeftover([])).toBe(false);
});

test("what a killed run left is ended, and what is somebody else's stays", async () => {
  vi.stubEnv("GARRISON_TEST_RUN", "");
  const told = vi.spyOn(console, "error").mockReturnValue();
  const left = spawn("sleep", ["60"], { env: { GARRISON_TEST_RUN: markOf({ pid: process.pid, started: "1" }) } });
  const other = spawn("sleep", ["60"], { env: {} });
  try {
    await Promise.all([once(left, "spawn"), once(other, "spawn")]);
    const ended = once(left, "exit");
    await endLeftoverProcesses();
    await ended;
    expect(told.mock.calls.flat().join()).toContain(`${String(left.pid)} (sleep)`);
    expect(startOf(other.pid ?? 0)).toBeDefined();
    expect(process.env.GARRISON_TEST_RUN).toBe(markOf(ownIdentity()));
  } finally {
    left.kill("SIGKILL");
    other.kill("SIGKILL");
  }
});
