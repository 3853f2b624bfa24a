import type { ImageLock, LockedImage } from "#components/container/image-lock.ts";
import { problem, ProblemReport } from "#helpers/terminal/report.ts";
import { LookUpError } from "./registry-client.ts";
import type { TaggedImage } from "./registry-client.ts";

/** What became of one key. */
export type LockOutcome =
  | { readonly key: string; readonly kind: "locked" | "unchanged"; readonly digest: string }
  /** The tag has another digest than the lock had: it was pushed again. */
  | { readonly key: string; readonly kind: "moved"; readonly digest: string; readonly before: string }
  /** Not published: there is nothing to look up. */
  | { readonly key: string; readonly kind: "built-here"; readonly reason: string }
  /** The entry stays as it was. */
  | { readonly key: string; readonly kind: "failed"; readonly reason: string };

interface LockResult {
  readonly lock: ImageLock;
  readonly outcomes: readonly LockOutcome[];
}

/** Looks up the digest of every named key; all when none is named. What cannot be looked up stays as it was. */
export async function lockImages(
  lock: ImageLock,
  keys: readonly string[],
  lookUp: (image: TaggedImage) => Promise<string>,
): Promise<LockResult> {
  refuseUnknown(lock, keys);
  const wanted = Object.entries(lock.images).filter(([key]) => keys.length === 0 || keys.includes(key));
  const outcomes = await Promise.all(wanted.map(([key, image]) => lockOne(key, image, lookUp)));
  const images = { ...lock.images };
  for (const outcome of outcomes) {
    const before = images[outcome.key];
    if (before === undefined || !("digest" in outcome)) continue;
    const locked: LockedImage = { ...before, digest: outcome.digest };
    // What was looked up needs no other source.
    delete locked.source;
    images[outcome.key] = locked;
  }
  return { lock: { images }, outcomes };
}

/** The lock with one image at another tag, whose digest is not known yet. */
export function retag(lock: ImageLock, keys: readonly string[], tag: string): ImageLock {
  refuseUnknown(lock, keys);
  const [key = "", ...more] = keys;
  const image = lock.images[key];
  if (image === undefined || more.length > 0 || image.repository === null) {
    throw problem("A tag is for one published image", {
      property: "keys",
      found: keys.join(", ") || "none",
      expected: "one key of an image that has a repository",
      fix: "npm run images -- list",
    });
  }
  if (image.tag === tag) return lock;
  const at: LockedImage = { ...image, tag, digest: null };
  delete at.source;
  return { images: { ...lock.images, [key]: at } };
}

async function lockOne(
  key: string,
  { repository, tag, digest: before, recipe, missing }: LockedImage,
  lookUp: (image: TaggedImage) => Promise<string>,
): Promise<LockOutcome> {
  if (repository === null) return { key, kind: "built-here", reason: missing ?? `built from ${recipe ?? "nothing"}` };
  if (tag === null) return { key, kind: "failed", reason: "the lock names no tag" };
  try {
    const digest = await lookUp({ repository, tag });
    if (before === null) return { key, kind: "locked", digest };
    return before === digest ? { key, kind: "unchanged", digest } : { key, kind: "moved", digest, before };
  } catch (error) {
    if (!(error instanceof LookUpError)) throw error;
    return { key, kind: "failed", reason: error.message };
  }
}

function refuseUnknown({ images }: ImageLock, keys: readonly string[]): void {
  const unknown = keys.filter((key) => !Object.hasOwn(images, key));
  if (unknown.length === 0) return;
  const known = Object.keys(images).join(", ");
  throw new ProblemReport(
    "The image lock has no such key",
    unknown.map((key) => ({ property: "key", found: key, expected: `one of ${known}`, fix: "npm run images -- list" })),
  );
}
