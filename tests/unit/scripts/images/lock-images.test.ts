import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ImageLock } from "#components/container/image-lock.ts";
import { IMAGE_LOCK, readImageLock, writeImageLock } from "#scripts/images/lock-file.ts";
import { lockImages, retag } from "#scripts/images/lock-images.ts";
import { LookUpError } from "#scripts/images/registry-client.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { stacks } from "#stacks/machines.ts";
import { webPlatform } from "#tests/support/web-platform.ts";
import { wired } from "#tests/support/wired.ts";

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

const lock: ImageLock = {
  images: {
    fresh: { repository: "registry.example/fresh", tag: "1", digest: null },
    gone: { repository: "registry.example/gone", tag: "1", digest: digestOf("c") },
    moved: { repository: "registry.example/moved", tag: "1", digest: digestOf("b"), source: "hearsay" },
    own: { repository: null, tag: null, digest: null, missing: "its own program" },
    same: { repository: "registry.example/same", tag: "1", digest: digestOf("a") },
  },
};

const lookUp = ({ repository }: { repository: string }): Promise<string> =>
  repository.endsWith("/gone")
    ? Promise.reject(new LookUpError("registry.example has no tag 1"))
    : Promise.resolve(digestOf("a"));

describe("lockImages", () => {
  test("tells what became of every key", async () => {
    const { outcomes } = await lockImages(lock, [], lookUp);
    expect(outcomes).toEqual([
      { key: "fresh", kind: "locked", digest: digestOf("a") },
      { key: "gone", kind: "failed", reason: "registry.example has no tag 1" },
      { key: "moved", kind: "moved", digest: digestOf("a"), before: digestOf("b") },
      { key: "own", kind: "built-here", reason: "its own program" },
      { key: "same", kind: "unchanged", digest: digestOf("a") },
    ]);
  });

  test("writes what was looked up, without its old source, and leaves the rest as it was", async () => {
    const { lock: after } = await lockImages(lock, [], lookUp);
    expect(after.images.fresh?.digest).toBe(digestOf("a"));
    expect(after.images.moved).toEqual({ repository: "registry.example/moved", tag: "1", digest: digestOf("a") });
    expect(after.images.gone).toEqual(lock.images.gone);
    expect(after.images.own).toEqual(lock.images.own);
  });

  test("looks up the named keys only", async () => {
    const { outcomes, lock: after } = await lockImages(lock, ["fresh"], lookUp);
    expect(outcomes.map(({ key }) => key)).toEqual(["fresh"]);
    expect(after.images.moved).toEqual(lock.images.moved);
  });

  test("refuses every key that does not exist", async () => {
    const refused = lockImages(lock, ["fresh", "x", "y"], lookUp);
    await expect(refused).rejects.toBeInstanceOf(ProblemReport);
    await expect(refused).rejects.toMatchObject({ problems: [{ found: "x" }, { found: "y" }] });
  });

  test("does not take a mistake of ours for a registry that cannot be reached", async () => {
    await expect(lockImages(lock, [], () => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});

describe("retag", () => {
  test("pins another tag, and forgets the digest of the one before", () => {
    const { images } = retag(lock, ["moved"], "2");
    expect(images.moved).toEqual({ repository: "registry.example/moved", tag: "2", digest: null });
    expect(images.same).toEqual(lock.images.same);
  });

  test("the same tag changes nothing", () => {
    expect(retag(lock, ["moved"], "1")).toBe(lock);
  });

  test.each([[[]], [["moved", "same"]], [["own"]]])("refuses %s", (keys) => {
    expect(() => retag(lock, keys, "2")).toThrow("A tag is for one published image");
  });
});

describe("the image lock file", () => {
  test("is written in the order of its keys and read back", async () => {
    const directory = await mkdtemp(join(tmpdir(), "garrison-lock-"));
    try {
      const file = join(directory, "lock.json");
      await writeImageLock(file, { images: { b: entry("b"), a: entry("a") } });
      expect(await readImageLock(file)).toEqual({ images: { a: entry("a"), b: entry("b") } });
      expect((await readFile(file, "utf8")).indexOf('"a"')).toBeLessThan((await readFile(file, "utf8")).indexOf('"b"'));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("is refused with everything that is wrong in it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "garrison-lock-"));
    try {
      const file = join(directory, "lock.json");
      const wrong = { images: { a: { ...entry("a"), digest: "sha256:1" }, b: { ...entry("b"), tag: "" } } };
      await writeFile(file, JSON.stringify(wrong));
      await expect(readImageLock(file)).rejects.toMatchObject({
        problems: [{ property: "images.a.digest" }, { property: "images.b.tag" }],
      });
      await writeFile(file, "{");
      await expect(readImageLock(file)).rejects.toMatchObject({ problems: [{ property: file }] });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("has exactly the images of the machines and of the library's kinds, and what ours are made of", async () => {
    const { images } = await readImageLock(IMAGE_LOCK);
    const bases = Object.values(images).flatMap(({ base }) => base ?? []);
    // The skills of the kinds' example are made up.
    const kinds = wired(webPlatform()).services.filter(({ image }) => image !== "skill");
    const machines = Object.values(stacks).flatMap(({ machine }) => machine.services);
    const used = [...machines, ...kinds].map(({ image }) => image);
    const wanted = new Set([...used, ...bases, "program-base"]);
    expect(Object.keys(images).sort()).toEqual([...wanted].sort());
  });

  test("names a source for every digest that was not looked up, and a reason for every image without a repository", async () => {
    const { images } = await readImageLock(IMAGE_LOCK);
    for (const [key, image] of Object.entries(images)) {
      if (image.repository === null) expect(image.recipe ?? image.missing, key).toBeDefined();
      else expect(image.tag, key).not.toBeNull();
      if (image.digest === null) expect(image.source, key).toBeUndefined();
    }
  });
});

function entry(name: string): ImageLock["images"][string] {
  return { repository: `registry.example/${name}`, tag: "1", digest: digestOf("f") };
}
