import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { imageReference } from "#components/container/image-lock.ts";
import type { BuiltImage, BuiltLock, ImageLock } from "#components/container/image-lock.ts";
import { buildImage, pushImage } from "#helpers/docker/image-build.ts";
import type { RegistryAccount } from "#helpers/docker/image-build.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { readRecipe, recipeContext, recipeHash } from "#helpers/docker/recipe.ts";
import type { RecipeFiles } from "#helpers/docker/recipe.ts";

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

interface Recipe {
  readonly key: string;
  readonly files: RecipeFiles;
  /** Key of the image that it begins with. */
  readonly base: string;
}

/** A recipe of which it is known what it begins with. */
interface Work extends Recipe {
  /** By digest, or by the id that the daemon gave it. */
  readonly reference: string;
  readonly inputs: string;
}

/**
 * Builds the named images from their recipes, each after the one of ours that it begins with. What is there already, made
 * of the same, is kept.
 *
 * @throws {ProblemReport} with every image that could not be built, after the others were
 */
export async function buildOwn(keys: readonly string[], options: BuildOwnOptions): Promise<BuildOutcome[]> {
  const recipes = await planBuild(keys, options);
  const outcomes: BuildOutcome[] = [];
  const failures: Problem[] = [];
  let { built } = options;
  for (const recipe of recipes) {
    const started = performance.now();
    try {
      const reference = baseOf(recipe, options.lock, built);
      const work = { ...recipe, reference, inputs: recipeHash(recipe.files, reference) };
      const known = built.images[recipe.key];
      const kept = known !== undefined && (await isThere(known, work, options));
      const image = kept ? known : await make(work, options);
      if (!kept) {
        built = { images: { ...built.images, [recipe.key]: image } };
        await options.record(built);
      }
      const seconds = Math.round((performance.now() - started) / 1000);
      outcomes.push({ key: recipe.key, kind: kept ? "kept" : "built", reference: referenceOf(image), seconds });
    } catch (error) {
      failures.push(failureOf(recipe.key, error, options.registry?.name));
    }
  }
  if (failures.length > 0)
    throw new ProblemReport("Not every image could be built; those that were are recorded", failures);
  return outcomes;
}

function baseOf({ base }: Recipe, lock: ImageLock, built: BuiltLock): string {
  const own = built.images[base];
  if (own !== undefined && lock.images[base]?.recipe !== undefined) return referenceOf(own);
  const found = imageReference(lock, base);
  if ("problem" in found) throw new Error(`its base ${base}: ${found.problem}`);
  return found.reference;
}

/** The recipes in their order. Everything that can be known to be wrong is told before a build begins. */
async function planBuild(keys: readonly string[], { checkout, lock }: BuildOwnOptions): Promise<Recipe[]> {
  const unknown = keys.filter((key) => lock.images[key]?.recipe === undefined);
  const known = Object.keys(lock.images).filter((key) => lock.images[key]?.recipe !== undefined);
  const problems: Problem[] = unknown.map((key) => ({
    property: "image",
    found: `${key}${lock.images[key] === undefined ? "" : `: ${publishedOrMissing(lock, key)}`}`,
    expected: `one of ${known.join(", ")}`,
    fix: "npm run images -- list",
  }));
  const recipes = new Map<string, Recipe>();
  const add = async (key: string): Promise<void> => {
    const { recipe, base = "" } = lock.images[key] ?? {};
    if (recipe === undefined || recipes.has(key)) return;
    if (lock.images[base]?.recipe !== undefined) await add(base);
    else problems.push(...baseProblems(key, base, lock));
    const directory = join(checkout, recipe);
    if (existsSync(join(directory, "Dockerfile"))) {
      recipes.set(key, { key, files: await readRecipe(directory), base });
      return;
    }
    const next = `git status -- ${recipe}`;
    problems.push({ property: key, found: `no Dockerfile in ${recipe}`, expected: "its recipe", fix: next });
  };
  for (const key of keys) await add(key);
  if (problems.length > 0) throw new ProblemReport("These images cannot be built", problems);
  return [...recipes.values()];
}

function baseProblems(key: string, base: string, lock: ImageLock): Problem[] {
  const found = imageReference(lock, base);
  if ("reference" in found) return [];
  const next = `npm run images -- lock ${base}`;
  return [{ property: `${key}: base ${base}`, found: found.problem, expected: "a base by digest", fix: next }];
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
  const { key, files, reference: base, inputs } = work;
  const say = (message: string): void => {
    options.say(`${key}: ${message}`);
  };
  const repository = `${registry?.name ?? "garrison"}/${key}`;
  const tag = `${repository}:${inputs}`;
  if (!base.startsWith("sha256:")) {
    say("fetching its base");
    await pull(docker, base);
  }
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
    return { property: key, found, expected: "an image", fix: again };
  const [host = ""] = registry.split("/");
  return { property: key, found, expected: "a registry that takes it", fix: `docker login ${host}, then ${again}` };
}
