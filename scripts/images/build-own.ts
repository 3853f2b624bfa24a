import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { imageReference } from "../../components/container/image-lock.ts";
import type { BuiltImage, BuiltLock, ImageLock } from "../../components/container/image-lock.ts";
import { buildImage, pushImage } from "../docker/image-build.ts";
import type { RegistryAccount } from "../docker/image-build.ts";
import { ProblemReport } from "../lib/report.ts";
import type { Problem } from "../lib/report.ts";
import { readRecipe, recipeContext, recipeHash } from "./recipe.ts";
import type { RecipeFiles } from "./recipe.ts";

export interface BuildOwnOptions {
  readonly checkout: string;
  readonly lock: ImageLock;
  /** What was built before. */
  readonly built: BuiltLock;
  readonly docker: Docker;
  /** How the settings name the daemon. */
  readonly daemon: string;
  /** Where the images are pushed to. @default they stay on the daemon */
  readonly registry?: { readonly name: string; readonly account?: RegistryAccount };
  /** Whether an image is built again although its recipe did not change: for newer packages. */
  readonly fresh: boolean;
  readonly say: (message: string) => void;
  /** Called after each image, so that what was built before a failure or Ctrl-C is not built again. */
  readonly record: (built: BuiltLock) => Promise<void>;
}

export interface BuildOutcome {
  readonly key: string;
  readonly kind: "built" | "kept";
  readonly reference: string;
  readonly seconds: number;
}

interface Work {
  readonly key: string;
  readonly files: RecipeFiles;
  readonly base: string;
  readonly inputs: string;
}

/**
 * Builds the named images from their recipes, all when none is named. What is there already, made of the same, is kept.
 *
 * @throws {ProblemReport} with every image that could not be built, after the others were
 */
export async function buildOwn(keys: readonly string[], options: BuildOwnOptions): Promise<BuildOutcome[]> {
  const works = await planWork(keys, options);
  const outcomes: BuildOutcome[] = [];
  const failures: Problem[] = [];
  let { built } = options;
  for (const work of works) {
    const started = performance.now();
    const known = built.images[work.key];
    const kept = known !== undefined && (await isThere(known, work, options));
    try {
      const image = kept ? known : await make(work, options);
      if (!kept) {
        built = { images: { ...built.images, [work.key]: image } };
        await options.record(built);
      }
      const seconds = Math.round((performance.now() - started) / 1000);
      outcomes.push({ key: work.key, kind: kept ? "kept" : "built", reference: referenceOf(image), seconds });
    } catch (error) {
      failures.push(failureOf(work.key, error, options.registry?.name));
    }
  }
  if (failures.length > 0)
    throw new ProblemReport("Not every image could be built; those that were are recorded", failures);
  return outcomes;
}

/** Everything that can be known to be wrong before a build begins. */
async function planWork(keys: readonly string[], { checkout, lock }: BuildOwnOptions): Promise<Work[]> {
  const own = Object.entries(lock.images).filter(([, { recipe }]) => recipe !== undefined);
  const unknown = keys.filter((key) => !own.some(([known]) => known === key));
  const expected = `one of ${own.map(([key]) => key).join(", ")}`;
  const problems: Problem[] = unknown.map((key) => ({
    subject: "image",
    found: `${key}${lock.images[key] === undefined ? "" : `: ${publishedOrMissing(lock, key)}`}`,
    expected,
    next: "npm run images -- list",
  }));
  const works: Work[] = [];
  for (const [key, { recipe = "", base = "" }] of own.filter(([key]) => keys.length === 0 || keys.includes(key))) {
    const reference = imageReference(lock, base);
    const directory = join(checkout, recipe);
    if ("problem" in reference) {
      problems.push({
        subject: `${key}: base ${base}`,
        found: reference.problem,
        expected: "a base by digest",
        next: `npm run images -- lock ${base}`,
      });
    } else if (!existsSync(join(directory, "Dockerfile"))) {
      problems.push({
        subject: key,
        found: `no Dockerfile in ${recipe}`,
        expected: "its recipe",
        next: `git status -- ${recipe}`,
      });
    } else {
      const files = await readRecipe(directory);
      works.push({ key, files, base: reference.reference, inputs: recipeHash(files, reference.reference) });
    }
  }
  if (problems.length > 0) throw new ProblemReport("These images cannot be built", problems);
  return works;
}

function publishedOrMissing(lock: ImageLock, key: string): string {
  const image = lock.images[key];
  return image?.missing ?? "published, there is nothing to build";
}

/** Whether it was made of the same, in the same place, and has not been removed there. */
async function isThere(known: BuiltImage, { inputs }: Work, { docker, daemon, registry, fresh }: BuildOwnOptions) {
  if (fresh || known.inputs !== inputs) return false;
  // Of a registry it is believed: whoever deleted an image there has to say so with --fresh.
  if (registry !== undefined) return known.repository?.startsWith(`${registry.name}/`) === true;
  if (known.repository !== null || known.daemon !== daemon) return false;
  return docker
    .getImage(known.digest)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

async function make(work: Work, options: BuildOwnOptions): Promise<BuiltImage> {
  const { docker, registry, daemon, fresh } = options;
  const { key, files, base, inputs } = work;
  const say = (message: string): void => {
    options.say(`${key}: ${message}`);
  };
  const repository = `${registry?.name ?? "garrison"}/${key}`;
  const tag = `${repository}:${inputs}`;
  say("fetching its base");
  await pull(docker, base);
  const labels = { "garrison.image": key, "garrison.image-inputs": inputs };
  const id = await buildImage(docker, { context: recipeContext(files), tag, args: { BASE: base }, labels, fresh }, say);
  if (registry === undefined) return { repository: null, tag, digest: id, daemon, inputs };
  say("pushing");
  return { repository, tag: inputs, digest: await pushImage(docker, tag, say, registry.account), inputs };
}

/** A build would pull it too, and says less of what went wrong. */
async function pull(docker: Docker, reference: string): Promise<void> {
  const there = await docker
    .getImage(reference)
    .inspect()
    .catch(() => undefined);
  if (there !== undefined) return;
  const stream = await docker.pull(reference);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function referenceOf({ repository, digest }: BuiltImage): string {
  return repository === null ? digest : `${repository}@${digest}`;
}

function failureOf(key: string, error: unknown, registry = ""): Problem {
  const found = error instanceof Error ? error.message : String(error);
  const again = `npm run images -- build ${key}`;
  if (!/denied|unauthorized|authentication required/i.test(found))
    return { subject: key, found, expected: "an image", next: again };
  const [host = ""] = registry.split("/");
  return { subject: key, found, expected: "a registry that takes it", next: `docker login ${host}, then ${again}` };
}
