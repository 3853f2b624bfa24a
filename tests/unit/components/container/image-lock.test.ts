import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { imageReference, parseImageLock } from "../../../../components/container/image-lock.ts";
import { ProblemsError } from "../../../../components/lib/problems.ts";
import { office } from "../../../../stacks/office.ts";

const digest = `sha256:${"0a".repeat(32)}`;
const valkey = { repository: "docker.io/valkey/valkey", tag: "9.0.2-alpine", digest };

describe("parseImageLock", () => {
  test("reads a lock", () => {
    const own = { repository: null, tag: null, digest: null, build: "built by the estate" };
    expect(parseImageLock({ images: { valkey, graphiti: own } })).toEqual({ images: { valkey, graphiti: own } });
  });

  test("tells every entry that is wrong", () => {
    const images = {
      short: { ...valkey, digest: "sha256:0a0a" },
      upper: { ...valkey, digest: digest.toUpperCase() },
      untagged: { repository: "r", digest },
      odd: { ...valkey, colour: "green" },
    };
    try {
      parseImageLock({ images }, "lab.lock.json");
    } catch (error) {
      if (!(error instanceof ProblemsError)) throw error;
      expect(error.message).toMatch(/^Image lock lab\.lock\.json: 4 problems/);
      expect(error.problems.map(({ property }) => property)).toEqual([
        "images.short.digest",
        "images.upper.digest",
        "images.untagged.tag",
        "images.odd",
      ]);
      return;
    }
    throw new Error("was accepted");
  });

  test("the committed lock is in order and has an entry for every image of the office", async () => {
    const text = await readFile(resolve(import.meta.dirname, "../../../../images.lock.json"), "utf8");
    const lock = parseImageLock(JSON.parse(text));
    const missing = office.services.map(({ image }) => image).filter((key) => !(key in lock.images));
    expect(missing).toEqual([]);
  });
});

describe("imageReference", () => {
  const lock = parseImageLock({
    images: {
      valkey,
      searxng: { ...valkey, repository: "docker.io/searxng/searxng", digest: null },
      graphiti: { repository: null, tag: null, digest: null, build: "its image is not published" },
    },
  });

  test("is repository and digest, without the tag", () => {
    expect(imageReference(lock, "valkey")).toEqual({ reference: `docker.io/valkey/valkey@${digest}` });
  });

  test.each([
    ["searxng", "docker.io/searxng/searxng:9.0.2-alpine without a digest"],
    ["graphiti", "no repository (its image is not published)"],
    ["unknown", "no entry in the image lock"],
  ])("%s has none, and why", (key, problem) => {
    expect(imageReference(lock, key)).toEqual({ problem });
  });
});
