import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDirectoryAtomic, writeFileAtomic } from "#helpers/files/atomic.ts";

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

describe("writeFileAtomic", () => {
  it("replaces the text and sets the mode", async () => {
    const file = join(scratch, "deep/er/file");
    await writeFileAtomic(file, "old");
    await writeFileAtomic(file, "new", 0o600);
    expect(await readFile(file, "utf8")).toBe("new");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(scratch, "deep/er"))).toEqual(["file"]);
  });

  it("leaves nothing behind when it cannot", async () => {
    await writeFile(join(scratch, "kept"), "text");
    await expect(writeFileAtomic(join(scratch, "kept/below"), "x")).rejects.toThrow();
    expect(await readdir(scratch)).toEqual(["kept"]);
  });
});

describe("makeDirectoryAtomic", () => {
  it("shows the directory only when it is complete", async () => {
    const path = join(scratch, "made");
    await makeDirectoryAtomic(path, async (directory) => {
      await writeFile(join(directory, "a"), "1");
      expect(await readdir(scratch)).not.toContain("made");
    });
    expect(await readdir(path)).toEqual(["a"]);
  });

  it("keeps what was there when the filling fails", async () => {
    const path = join(scratch, "made");
    await makeDirectoryAtomic(path, (directory) => writeFile(join(directory, "a"), "1"));
    await expect(makeDirectoryAtomic(path, () => Promise.reject(new Error("full disk")))).rejects.toThrow("full disk");
    expect(await readdir(path)).toEqual(["a"]);
    expect(await readdir(scratch)).toEqual(["made"]);
  });
});
