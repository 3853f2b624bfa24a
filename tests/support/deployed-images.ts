import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseImageLock } from "#components/container/image-lock.ts";
import type { ImageLock } from "#components/container/image-lock.ts";

const committed = resolve(import.meta.dirname, "../../images.lock.json");

/** The committed lock, with what an operator's two commands add to it: look-ups, and ids of what the daemon built. */
export async function deployedImages(digest = `sha256:${"ab".repeat(32)}`): Promise<ImageLock> {
  const { images } = parseImageLock(JSON.parse(await readFile(committed, "utf8")));
  const entries = Object.entries(images).map(
    ([key, image]) =>
      [key, image.missing === undefined ? { ...image, digest: image.digest ?? digest } : image] as const,
  );
  return { images: Object.fromEntries(entries) };
}
