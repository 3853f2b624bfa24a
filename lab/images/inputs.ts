import { createHash } from "node:crypto";
import { join } from "node:path";
import { checkout } from "#helpers/files/directories.ts";
import { packagesOf, readRecipe } from "#helpers/docker/recipe.ts";
import { DEBIAN_SUITE } from "./debian-files.ts";
import { OWN } from "./plan.ts";
import type { ImagePlan } from "./plan.ts";

/** Raised when the way of building changes although no input does. */
const BUILDER = 2;

/** Debian packages of the lab's own recipes. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  falkordb: ["base-files", "coreutils", "dash", "libstdc++6", "redis-server"],
  graphiti: ["base-files", "libstdc++6", "python-is-python3", "python3"],
  nginx: ["base-files", "busybox-static", "nginx"],
  openclaw: ["base-files", "ca-certificates", "coreutils", "curl", "dash", "libstdc++6", "sed"],
  postgres: ["base-files", "coreutils", "dash", "libnss-wrapper", "postgresql-17", "postgresql-17-pgvector"],
  searxng: ["base-files", "busybox-static", "dash", "libstdc++6", "python3"],
  "stand-in": ["busybox-static"],
  valkey: ["base-files", "dash", "valkey-server", "valkey-tools"],
};

/** Programs of the estate's own whose packages a build without a network cannot bring: the lab has a Dockerfile for them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  graphiti: join(checkout, "components/services/graphiti/image"),
};

/** Everything that decides what an image contains, and the hash over it. */
export interface ImageInputs {
  readonly plan: ImagePlan;
  readonly packages: readonly string[];
  /** File name to content: the recipe's own files, and those that stand-ins share. */
  readonly files: ReadonlyMap<string, string>;
  /** Directory of the lock file, where there is one. */
  readonly source: string;
  /** Short hash: the tag of the image. */
  readonly hash: string;
}

/** Reads the recipe of an image: one of our own, or from `recipes`, a directory with one directory a recipe. */
export async function readInputs(plan: ImagePlan, recipes: string): Promise<ImageInputs> {
  const recipe = plan.own ? join(checkout, plan.recipe) : join(recipes, plan.recipe);
  const source = PROGRAMS[plan.recipe] ?? recipe;
  const files = new Map([...(source === recipe ? [] : await readRecipe(source)), ...(await readRecipe(recipe))]);
  if (plan.program === "stand-in") {
    const shared = await readRecipe(join(recipes, "stand-in", "files"));
    for (const [name, text] of shared) files.set(`files/${name}`, text);
  }
  const packages = plan.own ? await ownPackages() : (PACKAGES[plan.recipe] ?? []);
  const everything = [BUILDER, DEBIAN_SUITE, process.arch, plan, packages, [...files].sort()];
  const hash = createHash("sha256").update(JSON.stringify(everything)).digest("hex").slice(0, 16);
  return { plan, packages, files, source, hash };
}

/** Those of all images of our own: so they share one base, which is made, pushed and pulled once. */
async function ownPackages(): Promise<string[]> {
  const recipes = await Promise.all(Object.values(OWN).map(({ recipe }) => readRecipe(join(checkout, recipe))));
  return packagesOf(recipes.map((files) => files.get("Dockerfile") ?? "").join("\n"));
}
