import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import {
  imageReference,
  isPinned,
  parseBuiltLock,
  parseImageLock,
  withBuilt,
} from "#components/container/image-lock.ts";
import { ProblemsError } from "#components/lib/problems.ts";
import { office } from "#stacks/office.ts";

const digest = `sha256:${"0a".repeat(32)}`;
const valkey = { repository: "docker.io/valkey/valkey", tag: "9.0.2-alpine", digest };

describe("parseImageLock", () => {
  test("reads a lock", () => {
    const own = { repository: null, tag: null, digest: null, missing: "not written yet" };
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

  test("every image of our own has a recipe that is there, and a base in the lock", async () => {
    const root = resolve(import.meta.dirname, "../../../..");
    const lock = parseImageLock(JSON.parse(await readFile(join(root, "images.lock.json"), "utf8")));
    const own = Object.entries(lock.images).filter(([, { recipe }]) => recipe !== undefined);
    expect(own.length).toBeGreaterThan(0);
    for (const [key, { recipe = "", base = "" }] of own) {
      const dockerfile = await readFile(join(root, recipe, "Dockerfile"), "utf8");
      // Without a default: only the lock says what it is made of.
      expect(dockerfile, key).toMatch(/^ARG BASE\nFROM \$\{BASE\}( AS \w+)?$/m);
      expect(lock.images[base], key).toBeDefined();
    }
  });
});

describe("withBuilt", () => {
  const proxy = { repository: null, tag: null, digest: null, recipe: "components/proxy/image", base: "debian" };
  const estate = parseImageLock({ images: { proxy, valkey } });
  const made = { repository: null, tag: "garrison/proxy:1", digest, daemon: "ssh://me@machine", inputs: "1" };

  test("takes what was built on the deployment's daemon", () => {
    const own = parseBuiltLock({ images: { proxy: made } }, "images.office.lock.json");
    expect(imageReference(withBuilt(estate, own, "ssh://me@machine"), "proxy")).toEqual({ reference: digest });
    expect(withBuilt(estate, own, "ssh://me@machine").images.valkey).toEqual(valkey);
  });

  test("leaves out what another daemon has, and what the estate has given up", () => {
    const own = parseBuiltLock({ images: { proxy: made, gone: made } }, "images.office.lock.json");
    expect(withBuilt(estate, own, "ssh://me@other")).toEqual(estate);
  });

  test("takes what was pushed for every machine", () => {
    const pushed = { repository: "ghcr.io/example/proxy", tag: "1", digest, inputs: "1" };
    const own = parseBuiltLock({ images: { proxy: pushed } }, "images.office.lock.json");
    const reference = `ghcr.io/example/proxy@${digest}`;
    expect(imageReference(withBuilt(estate, own, "ssh://me@other"), "proxy")).toEqual({ reference });
  });
});

describe("isPinned", () => {
  test.each([`docker.io/valkey/valkey@${digest}`, `valkey:9@${digest}`, digest])("%s", (image) => {
    expect(isPinned(image)).toBe(true);
  });

  test.each([
    "valkey",
    "valkey:9",
    digest.slice(0, -1),
    `${digest}0`,
    `@${digest}`,
    digest.toUpperCase(),
    `a b@${digest}`,
  ])("not %s", (image) => {
    expect(isPinned(image)).toBe(false);
  });
});

describe("imageReference", () => {
  const lock = parseImageLock({
    images: {
      valkey,
      searxng: { ...valkey, repository: "docker.io/searxng/searxng", digest: null },
      graphiti: { repository: null, tag: null, digest: null, missing: "it is not written yet" },
      proxy: { repository: null, tag: null, digest: null, recipe: "components/proxy/image", base: "debian" },
      onDaemon: { repository: null, tag: "garrison/proxy:1", digest, recipe: "components/proxy/image", base: "debian" },
    },
  });

  test("is repository and digest, without the tag", () => {
    expect(imageReference(lock, "valkey")).toEqual({ reference: `docker.io/valkey/valkey@${digest}` });
  });

  test("is the id of an image on the machine's own daemon", () => {
    expect(imageReference(lock, "onDaemon")).toEqual({ reference: digest });
  });

  test.each([
    ["searxng", "docker.io/searxng/searxng:9.0.2-alpine without a digest"],
    ["graphiti", "it is not written yet"],
    ["proxy", "not built yet (components/proxy/image)"],
    ["unknown", "no entry in the image lock"],
  ])("%s has none, and why", (key, problem) => {
    expect(imageReference(lock, key)).toEqual({ problem });
  });
});
