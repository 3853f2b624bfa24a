import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { estateFiles } from "#lab/estate/paths.ts";
import { clearStaleLocks, judgeLock } from "#scripts/engine/engine-lock.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

const lock = { pid: 4711, username: "root", hostname: "here", timestamp: "2026-01-01T00:00:00Z", file: "lock.json" };

describe("a lock of the engine", () => {
  test("is held while an engine runs under its process number on this host", () => {
    expect(judgeLock(lock, "here", "pulumi")).toBe("held");
    expect(judgeLock(lock, "here", undefined)).toBe("stale");
  });

  test("is stale when the number belongs to another program by now", () => {
    expect(judgeLock(lock, "here", "bash")).toBe("stale");
  });

  test("of another host is not ours to judge", () => {
    expect(judgeLock(lock, "there", undefined)).toBe("elsewhere");
  });
});

describe("locks in the backend", () => {
  let root = "";
  let said: string[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "garrison-lock-"));
    said = [];
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function lay(content: string): Promise<{ file: string; clear: () => Promise<void> }> {
    const files = estateFiles("probe", "office", root);
    const directory = join(files.backend, ".pulumi", "locks", "organization", "garrison", "office");
    await mkdir(directory, { recursive: true });
    const file = join(directory, "one.json");
    await writeFile(file, content);
    return { file, clear: () => clearStaleLocks({ name: "trial", stack: "office", files }, (line) => said.push(line)) };
  }
  const content = (over: object): string =>
    JSON.stringify({
      pid: 2 ** 22 + 1,
      username: "root",
      hostname: hostname(),
      timestamp: "2026-01-01T00:00:00Z",
      ...over,
    });

  test("of an engine that is gone is removed, and that is said", async () => {
    const { file, clear } = await lay(content({}));
    await clear();
    expect(existsSync(file)).toBe(false);
    expect(said.join()).toContain("engine that is gone");
  });

  test("of a program that is no engine is removed too: this test runs under the number", async () => {
    const { file, clear } = await lay(content({ pid: process.pid }));
    await clear();
    expect(existsSync(file)).toBe(false);
  });

  test("of an engine that was killed and not collected yet is removed", async () => {
    const engine = join(root, "pulumi");
    await copyFile("/bin/sleep", engine);
    await chmod(engine, 0o755);
    // The parent becomes a sleep, which collects nobody: the child, which ends after that (a shell would collect it),
    // stays in the process table under its name.
    const parent = spawn("sh", ["-c", `"${engine}" 1 & echo $!; exec sleep 60`], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(line.toString());
      await expect
        .poll(() => readFile(`/proc/${String(pid)}/status`, "utf8"), { timeout: 30_000 })
        .toMatch(/^Name:\s+pulumi\n[^]*State:\s+Z/m);
      const { file, clear } = await lay(content({ pid }));
      await clear();
      expect(existsSync(file)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("that was cut off while it was written is removed", async () => {
    const { file, clear } = await lay(`{"pid":`);
    await clear();
    expect(existsSync(file)).toBe(false);
  });

  test("of another host stays, and the report says what to type", async () => {
    const { file, clear } = await lay(content({ hostname: "elsewhere.example", pid: 7 }));
    const failure = await clear().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemReport);
    const [problem] = (failure as ProblemReport).problems;
    expect(problem?.found).toContain("process 7");
    expect(problem?.found).toContain("elsewhere.example");
    expect(problem?.fix).toContain("cancel");
    expect(existsSync(file)).toBe(true);
  });

  test("do nothing where there are none", async () => {
    await clearStaleLocks({ name: "none", stack: "office", files: estateFiles("none", "office", root) }, (line) =>
      said.push(line),
    );
    expect(said).toEqual([]);
  });
});
