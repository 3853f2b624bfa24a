import { z } from "zod";
import { ProblemsError } from "../lib/problems.ts";

const entry = z.strictObject({
  /** Registry and repository; `null` for images that the estate builds itself and nobody has pushed yet. */
  repository: z.string().min(1).nullable(),
  tag: z.string().min(1).nullable(),
  /** `null` until it was looked up: nobody invents one. */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "sha256:<64 hex digits>")
    .nullable(),
  /** Where the digest comes from when the lock script did not look it up. */
  source: z.string().optional(),
  /** Why the estate builds the image itself. */
  build: z.string().optional(),
  /** Lab only: what is inside. */
  program: z.enum(["real", "stand-in"]).optional(),
  description: z.string().optional(),
});

const lock = z.strictObject({ images: z.record(z.string(), entry) });

/** Every image of the estate by key, with the digest that a deployment uses. */
export type ImageLock = z.infer<typeof lock>;
export type LockedImage = z.infer<typeof entry>;

/** @throws {ProblemsError} naming every entry that is wrong */
export function parseImageLock(json: unknown, file = "images.lock.json"): ImageLock {
  const result = lock.safeParse(json);
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

/** The reference that a container names, or what keeps it from having one. */
export function imageReference(images: ImageLock, key: string): { reference: string } | { problem: string } {
  const image = images.images[key];
  if (image === undefined) return { problem: "no entry in the image lock" };
  if (image.repository === null) return { problem: `no repository (${image.build ?? "built by the estate"})` };
  if (image.digest === null) return { problem: `${image.repository}:${image.tag ?? "?"} without a digest` };
  return { reference: `${image.repository}@${image.digest}` };
}
