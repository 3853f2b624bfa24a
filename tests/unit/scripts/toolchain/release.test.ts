import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemReport, renderReport } from "#helpers/terminal/report.ts";
import { archiveName, fetchRelease, officialBase, releaseBase } from "#scripts/toolchain/release.ts";
import { UnreachableError } from "#scripts/toolchain/unreachable.ts";
import { good, slowStallMs, startReleaseServer, version } from "./release-server.ts";
import type { ReleaseServer } from "./release-server.ts";

let server: ReleaseServer;
let directory: string;
let made: string;

beforeEach(async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  server = await startReleaseServer();
  directory = await mkdtemp(join(tmpdir(), "garrison-test-"));
  made = await mkdtemp(join(directory, "made-"));
  server.untilStored = (bytes) =>
    vi.waitFor(async () => {
      expect((await stat(part())).size).toBeGreaterThanOrEqual(bytes);
    });
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** Patient where the test is not about patience: on a busy machine a transfer pauses without anybody's fault. */
const fetchIt = (stallMs = 10_000): Promise<void> =>
  fetchRelease({ base: server.base, version, probeMs: 500, stallMs, pauseMs: 1 }, made, directory);

/** Where a part of the archive waits for the next attempt. */
const part = (): string => join(directory, `${archiveName(version)}.${server.sha256.slice(0, 12)}.part`);

const leftovers = async (): Promise<string[]> => (await readdir(directory)).filter((name) => name.endsWith(".part"));

/** What a person reads when it fails. */
async function failure(stallMs?: number): Promise<string> {
  const error = await fetchIt(stallMs).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemReport);
  return renderReport(error as ProblemReport);
}

describe("a release that is as it should be", () => {
  it("is unpacked without the hosts of other languages, executable, and leaves no archive", async () => {
    await fetchIt();
    expect((await readdir(made)).sort()).toEqual(["ballast", "pulumi", "pulumi-language-nodejs"]);
    expect((await stat(join(made, "pulumi"))).mode & 0o111).toBe(0o111);
    expect(await leftovers()).toEqual([]);
    expect(server.requests).toEqual(["whole"]);
  });
});

describe("a host that gives nothing out", () => {
  it.each([
    ["hangs", { ...good, checksums: "hanging" }],
    ["refuses, as proxies do", { ...good, checksums: "refused" }],
  ] as const)("counts as unreachable when it %s", async (_, behaviour) => {
    server.behaviour = behaviour;
    await expect(fetchIt()).rejects.toBeInstanceOf(UnreachableError);
    expect(server.requests).toEqual([]);
  });

  it("counts as unreachable when nobody listens", async () => {
    await server.close();
    await expect(fetchIt()).rejects.toThrow(/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/);
  });
});

describe("a release that is not there", () => {
  it("names the address when the list of checksums is missing", async () => {
    server.behaviour = { ...good, checksums: "missing" };
    expect(await failure()).toContain(`${server.base}/pulumi-${version}-checksums.txt`);
  });

  it("names the file when there is none for this platform", async () => {
    server.behaviour = { ...good, checksums: "without-platform" };
    expect(await failure()).toContain(archiveName(version));
  });

  it("does not ask again for an archive that is missing", async () => {
    server.behaviour = { ...good, archive: "missing" };
    expect(await failure()).toMatch(/found:\s+HTTP 404/);
    expect(server.requests).toEqual(["whole"]);
  });
});

describe("an archive with another content", () => {
  it("is thrown away with both checksums named, and nothing of it is unpacked", async () => {
    server.behaviour = { ...good, archive: "other-content" };
    const text = await failure();
    expect(text).toContain(`expected: SHA-256 ${server.sha256}`);
    expect(text).toMatch(/found:\s+SHA-256 [0-9a-f]{64}/);
    expect(await readdir(made)).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(server.requests).toEqual(["whole"]);
  });
});

describe("a transfer that breaks off", () => {
  it("goes on where it stopped", async () => {
    server.behaviour = { ...good, archive: "truncated-once" };
    await fetchIt();
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]).toMatch(/^bytes=[1-9]\d+-$/);
    expect(await readdir(made)).toContain("pulumi");
  });

  it("starts again where the host knows no ranges", async () => {
    server.behaviour = { archive: "truncated-once", checksums: "good", ranges: false };
    await fetchIt();
    expect(server.requests).toHaveLength(2);
    expect(await readdir(made)).toContain("pulumi");
  });

  it("gives up after three attempts and keeps what arrived for the next run", async () => {
    server.behaviour = { ...good, archive: "truncated" };
    expect(await failure()).toMatch(/goes on where it stopped/);
    expect(server.requests).toHaveLength(3);
    expect(await leftovers()).toHaveLength(1);

    server.behaviour = good;
    await fetchIt();
    expect(server.requests[3]).toMatch(/^bytes=[1-9]\d+-$/);
    expect(await readdir(made)).toContain("pulumi");
  });

  it("notices that nothing arrives any more", async () => {
    server.behaviour = { ...good, archive: "hanging" };
    expect(await failure(200)).toContain("nothing arrived for 0.2 s");
    expect(server.requests).toHaveLength(3);
  });

  it("is not given up as long as something arrives, however slowly", async () => {
    server.behaviour = { ...good, archive: "slow" };
    await fetchRelease({ base: server.base, version, stallMs: slowStallMs, pauseMs: 1 }, made, directory);
    expect(server.requests).toEqual(["whole"]);
  });

  it("says what the host said when it is overloaded", async () => {
    server.behaviour = { ...good, archive: "overloaded" };
    expect(await failure()).toMatch(/HTTP 503/);
    expect(server.requests).toHaveLength(3);
  });

  it("starts afresh when what an earlier run left is damaged", async () => {
    await writeFile(part(), "not the beginning of this archive");
    await fetchIt();
    expect(server.requests).toEqual(["bytes=33-", "whole"]);
    expect(await readdir(made)).toContain("pulumi");
  });
});

describe("the place of the releases", () => {
  it("is Pulumi's own unless a mirror is named", () => {
    expect(releaseBase({})).toBe(officialBase);
    expect(releaseBase({ GARRISON_PULUMI_RELEASES: "https://mirror.example/pulumi/" })).toBe(
      "https://mirror.example/pulumi",
    );
  });

  it("is refused when it is not an address", () => {
    expect(() => releaseBase({ GARRISON_PULUMI_RELEASES: "mirror" })).toThrow(ProblemReport);
    expect(() => releaseBase({ GARRISON_PULUMI_RELEASES: "ftp://mirror.example" })).toThrow(ProblemReport);
  });

  it("has files for Linux and macOS only", () => {
    expect(archiveName("3.1.2", "darwin", "arm64")).toBe("pulumi-v3.1.2-darwin-arm64.tar.gz");
    expect(() => archiveName("3.1.2", "linux", "riscv64")).toThrow(ProblemReport);
  });
});
