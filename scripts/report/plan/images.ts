import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock } from "#components/container/image-lock.ts";
import { readJsonFile } from "#components/lib/json-file.ts";
import { readRecipe, recipeHash } from "#helpers/docker/recipe.ts";

/** A lock in which every image has a digest, and how each reference reads for people. */
export interface PlannedImages {
  readonly lock: ImageLock;
  readonly shown: (reference: string) => string;
}

/**
 * The estate's images. One without a digest (it is built on the machine, or not looked up yet) gets one that stands for
 * its tag and its recipe, so that a change of either is a change of the image.
 */
export async function plannedImages(checkout: string, file = "images.lock.json"): Promise<PlannedImages> {
  const { images } = parseImageLock(readJsonFile(join(checkout, file), `git checkout -- ${file}`), file);
  const names = new Map<string, string>();
  const entries = await Promise.all(
    Object.entries(images).map(async ([key, image]) => {
      const { repository, tag, recipe, base } = image;
      const built = recipe === undefined ? undefined : await recipeOf(checkout, recipe, images[base ?? ""]?.digest);
      const digest = image.missing === undefined ? (image.digest ?? standIn([key, repository, tag, built])) : null;
      const reference = repository === null ? (digest ?? "") : `${repository}@${digest ?? ""}`;
      const name = repository === null ? key : `${repository}:${tag ?? "?"}`;
      names.set(reference, built === undefined ? name : `${name}, recipe ${built}`);
      return [key, { ...image, digest }] as const;
    }),
  );
  return { lock: { images: Object.fromEntries(entries) }, shown: (reference) => names.get(reference) ?? reference };
}

async function recipeOf(checkout: string, recipe: string, base: string | null = null): Promise<string> {
  const directory = join(checkout, recipe);
  return recipeHash(existsSync(directory) ? await readRecipe(directory) : new Map(), base ?? "");
}

function standIn(parts: readonly unknown[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
