import { describe, expect, test } from "vitest";
import type { ImageLock } from "#components/container/image-lock.ts";
import { checkImages, hasHole } from "#scripts/images/check-images.ts";
import type { PinReport } from "#scripts/images/check-images.ts";
import { KNOWN_HOLES } from "#scripts/images/known-holes.ts";
import type { Hole, ImageReleases } from "#scripts/images/known-holes.ts";
import { IMAGE_LOCK, readImageLock } from "#scripts/images/lock-file.ts";
import { LookUpError } from "#scripts/images/registry-client.ts";
import { versionOf } from "#scripts/images/version.ts";

const hole: Hole = { id: "CVE-1", what: "bad", fixed: ["1.2.4", "1.3.1"], since: "1.1.0", source: "here" };

const releases: Readonly<Record<string, ImageReleases>> = {
  app: { line: /^1\.2\.\d+-alpine$/, holes: [hole, { ...hole, id: "CVE-2", fixed: ["1.2.6"] }] },
};

function lockOf(tag: string | null, repository: string | null = "registry.example/app"): ImageLock {
  return { images: { app: { repository, tag, digest: null } } };
}

async function check(tag: string | null, listTags?: () => Promise<string[]>, known = releases): Promise<PinReport> {
  const [report] = await checkImages(lockOf(tag), known, listTags);
  if (report === undefined) throw new Error("no report");
  return report;
}

describe("hasHole", () => {
  test.each([
    ["1.0.9", false],
    ["1.1.0", true],
    ["1.2.3", true],
    ["1.2.4", false],
    ["1.3.0", true],
    ["1.3.1", false],
    ["1.4.0", false],
  ])("%s: %s", (version, has) => {
    expect(hasHole(versionOf(version) ?? [], hole)).toBe(has);
  });
});

describe("checkImages", () => {
  test("names the holes of a pin, and the first tag of its line without one", async () => {
    const { holes, floor } = await check("1.2.3-alpine");
    expect(holes.map(({ id }) => id)).toEqual(["CVE-1", "CVE-2"]);
    expect(floor).toBe("1.2.6-alpine");
  });

  test("has nothing against a pin that is new enough", async () => {
    expect(await check("1.2.6-alpine")).toEqual({ key: "app", tag: "1.2.6-alpine", holes: [], open: [] });
  });

  test("tells a hole that nobody can use here, and does not count it", async () => {
    const spared = { app: { line: /./, holes: [{ ...hole, notHere: "it is switched off" }] } };
    const report = await check("1.2.3", undefined, spared);
    expect(report.holes).toHaveLength(1);
    expect(report).toMatchObject({ open: [] });
    expect(report).not.toHaveProperty("floor");
  });

  test("finds the newest tag of the same line, made the same way", async () => {
    const tags = ["1.2.10-alpine", "1.2.9-alpine", "1.2.11", "1.3.0-alpine", "latest"];
    expect(await check("1.2.6-alpine", () => Promise.resolve(tags))).toMatchObject({ newer: "1.2.10-alpine" });
    expect(await check("1.2.10-alpine", () => Promise.resolve(tags))).not.toHaveProperty("newer");
  });

  test("judges without the registry where that does not answer, and says so", async () => {
    const report = await check("1.2.3-alpine", () => Promise.reject(new LookUpError("registry.example is away")));
    expect(report).toMatchObject({ unasked: "registry.example is away", floor: "1.2.6-alpine" });
  });

  test("does not take a mistake of ours for a registry that does not answer", async () => {
    await expect(check("1.2.3-alpine", () => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });

  test("says what it cannot judge", async () => {
    expect(await check("latest")).toMatchObject({ unknown: "a tag without a version" });
    expect(await check("1.2.3", undefined, {})).toMatchObject({ unknown: expect.stringContaining("nobody") as string });
    const [own] = await checkImages(lockOf(null, null), releases);
    expect(own).toMatchObject({ unknown: "built by the estate" });
  });
});

describe("the committed lock", () => {
  test("has no pin with a hole that is known", async () => {
    const reports = await checkImages(await readImageLock(IMAGE_LOCK), KNOWN_HOLES);
    expect(reports.filter(({ open }) => open.length > 0)).toEqual([]);
  });

  test("has nothing published that nobody wrote down, and each pin belongs to its own line", async () => {
    const { images } = await readImageLock(IMAGE_LOCK);
    const published = Object.entries(images).filter(([, { repository }]) => repository !== null);
    expect(Object.keys(KNOWN_HOLES)).toEqual(published.map(([key]) => key));
    for (const [key, { tag }] of published) expect(tag, key).toMatch(KNOWN_HOLES[key]?.line ?? /^$/);
  });

  test.each(Object.entries(KNOWN_HOLES))(
    "every hole of %s can be judged, and says where it was read",
    (_, { holes }) => {
      for (const { fixed, since = "0", source, what } of holes) {
        for (const version of [...fixed, since]) expect(versionOf(version), version).toBeDefined();
        expect(fixed).not.toEqual([]);
        expect(source.length).toBeGreaterThan(5);
        expect(what).not.toMatch(/\.$/);
      }
    },
  );
});
