import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DEBIAN_SUITE } from "./debian-files.ts";
import type { ImagePlan } from "./plan.ts";

/** Raised when the way of building changes although no input does. */
const BUILDER = 1;

/** Debian packages of each recipe. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "egress-proxy": ["base-files", "bash", "busybox-static", "squid"],
  falkordb: ["base-files", "coreutils", "dash", "libstdc++6", "redis-server"],
  graphiti: ["base-files", "libstdc++6", "python-is-python3", "python3"],
  nginx: ["base-files", "busybox-static", "nginx"],
  openclaw: ["base-files", "ca-certificates", "coreutils", "curl", "dash", "libstdc++6", "sed"],
  searxng: ["base-files", "busybox-static", "dash", "libstdc++6", "python3"],
  sandbox: ["busybox-static"],
  "stand-in": ["busybox-static"],
  valkey: ["base-files", "dash", "valkey-server", "valkey-tools"],
};

/** Where the program of an image lies that is a program of the estate's own. The lab adds its Dockerfile. */
const OWN: Readonly<Record<string, string>> = {
  graphiti: resolve(import.meta.dirname, "../../components/services/graphiti/image"),
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

/** Reads the recipe of an image from `recipes`, a directory with one directory a recipe. */
export async function readInputs(plan: ImagePlan, recipes: string): Promise<ImageInputs> {
  const recipe = join(recipes, plan.recipe);
  const source = OWN[plan.recipe] ?? recipe;
  const files = new Map([...(await readFiles(source)), ...(await readFiles(recipe))]);
  if (plan.program === "stand-in") {
    const shared = await readFiles(join(recipes, "stand-in", "files"));
    for (const [name, text] of shared) files.set(`files/${name}`, text);
  }
  const packages = PACKAGES[plan.recipe] ?? [];
  const everything = [BUILDER, DEBIAN_SUITE, process.arch, plan, packages, [...files].sort()];
  const hash = createHash("sha256").update(JSON.stringify(everything)).digest("hex").slice(0, 16);
  return { plan, packages, files, source, hash };
}

async function readFiles(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), "utf8")] as const);
  return new Map(await Promise.all(texts));
}
