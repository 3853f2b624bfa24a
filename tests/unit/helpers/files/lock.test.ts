import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "#helpers/files/lock.ts";
import { ownIdentity, startOf } from "#helpers/processes/process-identity.ts";

let scratch: string;
let lock: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  lock = join(scratch, "lock");
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function leave(owner: object): Promise<void> {
  await mkdir(lock);
  await writeFile(join(lock, "owner.json"), JSON.stringify(owner));
}

describe("withLock", () => {
  it("lets one at a time in, however many come", async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work)));
    expect(most).toBe(1);
    expect(await readdir(scratch)).toEqual([]);
  });

  it("gives the lock back when the work fails", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no luck")))).rejects.toThrow("no luck");
    expect(await withLock(lock, () => Promise.resolve("in"))).toBe("in");
  });

  it("takes over from a process that is gone", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    await leave({ pid: child.pid, started: "1" });
    expect(await withLock(lock, () => Promise.resolve("in"))).toBe("in");
  });

  it("takes over from a process whose number belongs to another now", async () => {
    await leave({ pid: process.pid, started: "an earlier time" });
    expect(await withLock(lock, () => Promise.resolve("in"))).toBe("in");
  });

  it("waits for a process that lives, and says for whom", async () => {
    const child = spawn("sleep", ["60"]);
    try {
      await leave({ pid: child.pid, started: startOf(child.pid ?? 0) });
      const waited: number[] = [];
      const done = withLock(lock, () => Promise.resolve("in"), { onWait: ({ pid }) => waited.push(pid) });
      await expect.poll(() => waited).toEqual([child.pid]);
      await expect(Promise.race([done, sleep(500, "still out")])).resolves.toBe("still out");
      child.kill();
      expect(await done).toBe("in");
    } finally {
      child.kill();
    }
  });

  it("refuses a directory that is something else", async () => {
    await mkdir(lock);
    await writeFile(join(lock, "owner.json"), "precious");
    await expect(withLock(lock, () => Promise.resolve())).rejects.toThrow(/is not a lock of Garrison/);
  });
});

describe("a process", () => {
  it("is told by its number and its start", () => {
    expect(startOf(process.pid)).toBe(ownIdentity().started);
    expect(startOf(2 ** 30)).toBeUndefined();
  });
});
