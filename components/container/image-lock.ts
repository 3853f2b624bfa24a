import { z } from "zod";
import { ProblemsError } from "../lib/problems.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256:<64 hex digits>");

const entry = z.strictObject({
  /** Registry and repository; `null` for an image that is built here, or that does not exist. */
  repository: z.string().min(1).nullable(),
  tag: z.string().min(1).nullable(),
  /** `null` until it was looked up: nobody invents one. */
  digest: digest.nullable(),
  /** Where the digest comes from when the lock script did not look it up. */
  source: z.string().optional(),
  /** Directory of the Dockerfile of an image of our own, below the checkout. */
  recipe: z.string().min(1).optional(),
  /** Key of the image that the recipe begins with: its `ARG BASE`. */
  base: z.string().min(1).optional(),
  /** Why there is neither a published image nor a recipe: services with it are switched off outside the lab. */
  missing: z.string().min(1).optional(),
  /** Lab only: what is inside. */
  program: z.enum(["real", "stand-in"]).optional(),
  description: z.string().optional(),
});

/** What one deployment built for itself. */
const builtEntry = z.strictObject({
  /** Registry and repository it was pushed to; `null` where it is on the machine's own daemon only. */
  repository: z.string().min(1).nullable(),
  tag: z.string().min(1),
  /** Of a pushed image the digest, else the image's id on the daemon. */
  digest,
  /** The daemon that has it, as the settings name it. */
  daemon: z.string().min(1).optional(),
  /** Hash of the recipe and its base. */
  inputs: z.string().min(1),
});

const lock = z.strictObject({ images: z.record(z.string(), entry) });
const builtLock = z.strictObject({ images: z.record(z.string(), builtEntry) });

/** Every image of the estate by key, with the digest that a deployment uses. */
export type ImageLock = z.infer<typeof lock>;
export type LockedImage = z.infer<typeof entry>;
/** The images that one deployment built, by the same keys. */
export type BuiltLock = z.infer<typeof builtLock>;
export type BuiltImage = z.infer<typeof builtEntry>;

/** @throws {ProblemsError} naming every entry that is wrong */
export function parseImageLock(json: unknown, file = "images.lock.json"): ImageLock {
  return parseLock(lock, json, file);
}

/** @throws {ProblemsError} naming every entry that is wrong */
export function parseBuiltLock(json: unknown, file: string): BuiltLock {
  return parseLock(builtLock, json, file);
}

function parseLock<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new ProblemsError(
    `Image lock ${file}`,
    result.error.issues.map((issue) => ({
      property: issue.path.join("."),
      found: issue.code === "unrecognized_keys" ? issue.keys.join(", ") : "something else",
      expected: issue.message,
    })),
  );
}

/**
 * The estate's lock with what the deployment built in the place of what nobody publishes.
 *
 * @param host the deployment's daemon: an image that was built on another one is as good as not built
 */
export function withBuilt(estate: ImageLock, built: BuiltLock, host: string): ImageLock {
  const own = Object.entries(built.images).flatMap(([key, { repository, tag, digest: found, daemon = host }]) => {
    const image = estate.images[key];
    // Built for a service that the estate has given up since.
    return image === undefined || daemon !== host ? [] : [[key, { ...image, repository, tag, digest: found }] as const];
  });
  return { images: { ...estate.images, ...Object.fromEntries(own) } };
}

/** The reference that a container names, or what keeps it from having one. */
export function imageReference(images: ImageLock, key: string): { reference: string } | { problem: string } {
  const image = images.images[key];
  if (image === undefined) return { problem: "no entry in the image lock" };
  const { repository, digest: found } = image;
  // The id of an image on the machine's own daemon: it means this one and no other.
  if (repository === null && found !== null) return { reference: found };
  if (image.recipe !== undefined && found === null) return { problem: `not built yet (${image.recipe})` };
  if (repository === null) return { problem: image.missing ?? "neither a published image nor a recipe" };
  if (found === null) return { problem: `${repository}:${image.tag ?? "?"} without a digest` };
  return { reference: `${repository}@${found}` };
}

/** Whether a container's image can never mean another one: a digest, or the id of an image on its daemon. */
export function isPinned(image: string): boolean {
  return /^(\S+@)?sha256:[0-9a-f]{64}$/.test(image);
}
