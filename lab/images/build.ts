import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { ExecaError } from "execa";
import { extract } from "tar-stream";
import { ProblemReport } from "#helpers/terminal/report.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { buildImage, pushImage } from "#helpers/docker/image-build.ts";
import type { BuildImage } from "#helpers/docker/image-build.ts";
import { recipeContext } from "#helpers/docker/recipe.ts";
import { labBase } from "./base.ts";
import { buildContext } from "./context.ts";
import type { Archives } from "./context.ts";
import { debianFiles } from "./debian-files.ts";
import type { Say } from "./host-tools.ts";
import type { ImageInputs } from "./inputs.ts";
import { npmFiles } from "./npm-files.ts";
import { pipFiles } from "./pip-files.ts";

interface BuildOptions {
  readonly docker: Docker;
  /** What builds can share lies here. */
  readonly cache: string;
  /** Directory of the recipes. */
  readonly recipes: string;
  readonly say: Say;
}

const TAIL_LINES = 8;

/** The lock files a recipe may have, each with what makes an archive of its packages. */
const LOCKS = [
  { lock: "package-lock.json", tool: "npm", fetch: npmFiles },
  { lock: "requirements.txt", tool: "pip", fetch: pipFiles },
] as const;

/** The packages that an image is made of cannot be had: nothing is wrong with the recipe. */
export class PackagesMissing extends Error {
  constructor(cause: unknown) {
    const said = cause instanceof ExecaError ? firstText(cause.stderr, cause.shortMessage) : messageOf(cause);
    super(said.trim().split("\n").slice(-TAIL_LINES).join("\n"), { cause });
    this.name = "PackagesMissing";
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Builds the image and pushes it as `<repository>:<hash>`. Returns the digest under which the registry has it. */
export async function buildAndPush(inputs: ImageInputs, repository: string, options: BuildOptions): Promise<string> {
  const { docker, say } = options;
  const name = `${repository}:${inputs.hash}`;
  const { context, args } = await prepared(inputs, options);
  say("building");
  const labels = { "garrison.image": inputs.plan.key, "garrison.image-inputs": inputs.hash };
  // What an image needs is in its context or in its base.
  await buildImage(docker, { context, tag: name, args, labels, network: "none" }, say);
  say("pushing");
  return pushImage(docker, name, say);
}

async function prepared(inputs: ImageInputs, options: BuildOptions): Promise<Pick<BuildImage, "context" | "args">> {
  const { plan, files } = inputs;
  if (plan.own) return { context: recipeContext(files), args: { BASE: await base(inputs.packages, options) } };
  const { archives, busybox } = await prepare(inputs, options);
  const args = plan.recipe === "stand-in" ? { WORKDIR: plan.workdir } : {};
  return { context: await buildContext(inputs, archives, busybox), args };
}

async function base(packages: readonly string[], options: BuildOptions): Promise<string> {
  try {
    return await labBase(packages, options);
  } catch (error) {
    throw error instanceof ExecaError || error instanceof ProblemReport ? new PackagesMissing(error) : error;
  }
}

async function prepare(inputs: ImageInputs, options: BuildOptions): Promise<{ archives: Archives; busybox?: Buffer }> {
  try {
    // First: what is most likely to be missing.
    const app = await applicationFiles(inputs, options);
    const base = await debianFiles(inputs.packages, options.cache, options.say);
    if (inputs.plan.program === "stand-in") return { archives: {}, busybox: await fileOf(base, "usr/bin/busybox") };
    return { archives: { "base.tar": base, ...(app !== undefined && { "app.tar": app }) } };
  } catch (error) {
    throw new PackagesMissing(error);
  }
}

async function applicationFiles(
  { plan, files, source }: ImageInputs,
  { cache, say }: BuildOptions,
): Promise<string | undefined> {
  const kind = LOCKS.find(({ lock }) => files.has(lock));
  if (kind === undefined) return undefined;
  // Named after what it is made of: another configuration file does not fetch the packages again.
  const made = `${process.arch}\n${files.get(kind.lock) ?? ""}`;
  const hash = createHash("sha256").update(made).digest("hex").slice(0, 16);
  const file = join(cache, `${kind.tool}-${plan.recipe}-${hash}.tar`);
  await mkdir(cache, { recursive: true });
  if (!existsSync(file)) await kind.fetch(source, file, say);
  return file;
}

async function fileOf(archive: string, path: string): Promise<Buffer> {
  const entries = extract();
  createReadStream(archive).pipe(entries);
  for await (const entry of entries) {
    if (entry.header.name.replace(/^\.\//, "") === path) return await buffer(entry);
    entry.resume();
  }
  throw new Error(`${archive} holds no ${path}`);
}
