import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openCache } from "#scripts/toolchain/cache.ts";
import type { PulumiCache } from "#scripts/toolchain/cache.ts";
import { good, startReleaseServer, version } from "./release-server.ts";
import type { ReleaseServer } from "./release-server.ts";

const program = (answer: string): string => `#!/bin/sh\necho ${answer}\n`;

let server: ReleaseServer;
let scratch: string;
let directory: string;
let builds: string[];

beforeEach(async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(console, "error").mockReturnValue();
  server = await startReleaseServer();
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  directory = join(scratch, `v${version}`);
  builds = [];
});

afterEach(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** A cache as a new run opens it. */
const open = (answer = `v${version}`): PulumiCache =>
  openCache({
    directory,
    source: { base: server.base, version, probeMs: 1000, stallMs: 5000, pauseMs: 1 },
    build: async (file, reason) => {
      builds.push(reason);
      await writeFile(file, program(answer), { mode: 0o755 });
    },
  });

describe("the official release", () => {
  it("is downloaded once and found by the next run", async () => {
    expect(await open().official()).toBeUndefined();
    const file = join(directory, "official", "pulumi");
    expect(await open().obtainOfficial()).toBe(file);
    expect(await open().obtainOfficial()).toBe(file);
    expect(await open().official()).toBe(file);
    expect(server.requests).toHaveLength(1);
  });

  it.each(["pulumi", "pulumi-language-nodejs"])("is fetched again when %s was damaged", async (name) => {
    await open().obtainOfficial();
    await writeFile(join(directory, "official", name), "half a progr");
    expect(await open().official()).toBeUndefined();
    await open().obtainOfficial();
    expect(await readFile(join(directory, "official", name), "utf8")).toBe(program(`v${version}`));
    expect(server.requests).toHaveLength(2);
  });

  it("is fetched again when a file changed without changing its length", async () => {
    await open().obtainOfficial();
    const file = join(directory, "official", "pulumi");
    await writeFile(file, (await readFile(file, "utf8")).replace("echo", "eche"));
    expect(await open().official()).toBeUndefined();
  });

  it("is not taken from an unpacking that was interrupted, and the remains go away", async () => {
    const remains = join(directory, ".official.4711-abcd");
    await mkdir(remains, { recursive: true });
    await writeFile(join(remains, "pulumi"), "half");
    expect(await open().official()).toBeUndefined();
    await open().obtainOfficial();
    expect(await readdir(directory)).toEqual(["official"]);
  });

  it("is downloaded by one of two that start at once; the other waits for it", async () => {
    const files = await Promise.all([open().obtainOfficial(), open().obtainOfficial()]);
    expect(files[0]).toBe(files[1]);
    expect(server.requests).toHaveLength(1);
  });

  it("leaves nothing behind when the download fails", async () => {
    server.behaviour = { ...good, archive: "other-content" };
    await expect(open().obtainOfficial()).rejects.toThrow(/not what its publisher says/);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("the lab's command line", () => {
  it("is the official file where that can be had", async () => {
    const file = await open().obtainLab();
    expect(file).toBe(join(directory, "bin", "pulumi"));
    expect(await open().hasLab()).toBe(true);
    expect(builds).toEqual([]);
  });

  it("is built, with the reason told, where the host cannot be reached, and only once", async () => {
    server.behaviour = { ...good, checksums: "hanging" };
    const cache = open();
    expect(await cache.obtainOfficial()).toBeUndefined();
    await cache.obtainLab();
    await open().obtainLab();
    expect(builds).toHaveLength(1);
    expect(builds[0]).toMatch(/127\.0\.0\.1:\d+ cannot be reached/);
  });

  it("is not built when the download is wrong rather than out of reach", async () => {
    server.behaviour = { ...good, archive: "other-content" };
    await expect(open().obtainLab()).rejects.toThrow(/not what its publisher says/);
    expect(builds).toEqual([]);
  });

  it("is taken as it is when somebody put the right version there, and only then", async () => {
    server.behaviour = { ...good, checksums: "hanging" };
    await mkdir(join(directory, "bin"), { recursive: true });
    const file = join(directory, "bin", "pulumi");
    await writeFile(file, program("v3.1.0"));
    await chmod(file, 0o755);
    await open().obtainLab();
    expect(builds).toHaveLength(1);

    await rm(join(directory, "bin", ".seal.json"));
    await open().obtainLab();
    expect(builds).toHaveLength(1);
  });

  it("is made again when it was damaged", async () => {
    server.behaviour = { ...good, checksums: "hanging" };
    const file = await open().obtainLab();
    await writeFile(file, "");
    expect(await open().hasLab()).toBe(false);
    await open().obtainLab();
    expect(await readFile(file, "utf8")).toBe(program(`v${version}`));
    expect(builds).toHaveLength(2);
  });

  it("is refused when what was built says another version", async () => {
    server.behaviour = { ...good, checksums: "hanging" };
    await expect(open("v3.258.0").obtainLab()).rejects.toThrow(/does not run as expected/);
    expect(await open().hasLab()).toBe(false);
  });
});
