import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { z } from "zod";
import type { ServiceSpec } from "#components/services/service.ts";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { withLock } from "#helpers/files/lock.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { PackagesMissing, buildAndPush } from "./build.ts";
import type { Say } from "./host-tools.ts";
import { readInputs } from "./inputs.ts";
import type { ImageInputs } from "./inputs.ts";
import { planImages, planStandIn } from "./plan.ts";
import type { ImagePlan } from "./plan.ts";
import { ensureRegistry } from "./registry.ts";
import type { Registry } from "./registry.ts";

interface LabImagesOptions {
  /** The services whose images are wanted. */
  readonly services: readonly ServiceSpec[];
  /** Only these image keys. @default every key of the services */
  readonly keys?: readonly string[];
  /** Where the lab's image lock is written. */
  readonly lockFile: string;
  /** Told at every step which image is worked on and how far it is. */
  readonly progress?: Say;
  readonly docker?: Docker;
  /** @default `<cache>/images` */
  readonly cache?: string;
  /** Directory of the lab's registry. @default `<cache>/registry` */
  readonly registry?: string;
  /** Directory of the recipes. @default this directory */
  readonly recipes?: string;
}

interface LabImage {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly program: ImagePlan["program"];
  readonly description: string;
}

export interface LabImages {
  readonly images: Readonly<Record<string, LabImage>>;
  /** Keys of the images that had to be built. */
  readonly built: readonly string[];
  /** Images whose real program could not be had, so that a stand-in takes its place. Whoever calls has to say so. */
  readonly substituted: readonly Substitution[];
}

interface Substitution {
  readonly key: string;
  /** What this machine lacks, or what the package tool said. */
  readonly reason: string;
}

const indexSchema = z.record(z.string(), z.object({ inputs: z.string(), digest: z.string() }));
type Index = z.infer<typeof indexSchema>;

interface Workshop {
  readonly docker: Docker;
  readonly registry: Registry;
  readonly cache: string;
  readonly recipes: string;
  readonly say: Say;
  readonly services: readonly ServiceSpec[];
}

/**
 * Makes sure that the lab's registry has every image, and writes the lab's image lock. What an image is made of decides
 * whether it is built: nothing is when nothing changed. A build that fails fails the whole call, after the others.
 *
 * A real program whose packages cannot be had is tried again at every call, and until then a stand-in takes its place:
 * the lock and the image say so, and `substituted` does. In CI it is a failure, because what passes there passes for real.
 */
export async function ensureLabImages(options: LabImagesOptions): Promise<LabImages> {
  const say = options.progress ?? ((): void => undefined);
  const cache = options.cache ?? join(cacheDirectory(), "images");
  const recipes = options.recipes ?? import.meta.dirname;
  const plans = choose(planImages(options.services), options.keys);
  const registry = await ensureRegistry({
    say,
    ...(options.registry === undefined ? {} : { directory: options.registry }),
  });
  const workshop: Workshop = {
    docker: options.docker ?? new Docker(),
    registry,
    cache,
    recipes,
    say,
    services: options.services,
  };
  const onWait = ({ pid }: { pid: number }): void => {
    say(`process ${String(pid)} is building images; waiting for it`);
  };
  const result = await withLock(`${cache}.lock`, () => makeAll(plans, workshop), { onWait });
  await writeLock(options.lockFile, result.images);
  return result;
}

function choose(plans: readonly ImagePlan[], keys: readonly string[] | undefined): readonly ImagePlan[] {
  if (keys === undefined) return plans;
  const known = plans.map(({ key }) => key);
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length === 0) return plans.filter(({ key }) => keys.includes(key));
  throw new ProblemReport(
    "The lab has no such image",
    unknown.map((key) => ({ property: "image", found: key, expected: `one of ${known.join(", ")}` })),
  );
}

async function makeAll(plans: readonly ImagePlan[], workshop: Workshop): Promise<LabImages> {
  const indexFile = join(workshop.cache, "index.json");
  const index = await readIndex(indexFile);
  const images: Record<string, LabImage> = {};
  const built: string[] = [];
  const substituted: Substitution[] = [];
  const failures: Problem[] = [];
  for (const plan of plans) {
    try {
      const { inputs, digest, kept, reason } = await realOrStandIn(plan, index, workshop);
      images[plan.key] = describe(inputs, digest, workshop.registry);
      if (reason !== undefined) substituted.push({ key: plan.key, reason });
      if (kept) continue;
      built.push(plan.key);
      index[plan.key] = { inputs: inputs.hash, digest };
      // At once: what is built before a failure or Ctrl-C is not built again.
      await writeFileAtomic(indexFile, `${JSON.stringify(index, null, 2)}\n`);
    } catch (error) {
      failures.push(failureOf(plan, error));
    }
  }
  if (failures.length > 0) throw new ProblemReport("Not every image of the lab could be built", failures);
  return { images, built, substituted };
}

interface Made {
  readonly inputs: ImageInputs;
  readonly digest: string;
  /** Whether it was there already. */
  readonly kept: boolean;
  /** Why it is a stand-in although there is a real program. */
  readonly reason?: string;
}

function reasonOf({ cause, message }: PackagesMissing): string {
  const [first] = cause instanceof ProblemReport ? cause.problems : [];
  if (first === undefined) return message;
  return `${first.property}: ${first.found}${first.fix === undefined ? "" : `; type: ${first.fix}`}`;
}

/** What an operator has to know before taking the estate for more than it is. */
export function describeSubstitution({ key, reason }: Substitution): string {
  return `a stand-in takes the place of ${key}, because the packages of the real program cannot be had: ${reason.replaceAll("\n", "\n    ")}`;
}

async function realOrStandIn(plan: ImagePlan, index: Index, workshop: Workshop): Promise<Made> {
  try {
    return await keepOrMake(plan, index, workshop);
  } catch (error) {
    if (!(error instanceof PackagesMissing) || plan.program === "stand-in" || process.env.CI) throw error;
    const standIn = await keepOrMake(planStandIn(plan.key, workshop.services), index, workshop);
    return { ...standIn, reason: reasonOf(error) };
  }
}

async function keepOrMake(plan: ImagePlan, index: Index, workshop: Workshop): Promise<Made> {
  const inputs = await readInputs(plan, workshop.recipes);
  const kept = await keptDigest(inputs, index, workshop.registry);
  return { inputs, digest: kept ?? (await make(inputs, workshop)), kept: kept !== undefined };
}

async function keptDigest(inputs: ImageInputs, index: Index, registry: Registry): Promise<string | undefined> {
  const known = index[inputs.plan.key];
  if (known?.inputs !== inputs.hash) return undefined;
  return (await registry.has(repositoryOf(inputs.plan), known.digest)) ? known.digest : undefined;
}

function make(inputs: ImageInputs, { say, registry, ...workshop }: Workshop): Promise<string> {
  const { key } = inputs.plan;
  const repository = `${registry.address}/${repositoryOf(inputs.plan)}`;
  return buildAndPush(inputs, repository, {
    ...workshop,
    say: (message) => {
      say(`${key}: ${message}`);
    },
  });
}

function describe({ plan, hash }: ImageInputs, digest: string, registry: Registry): LabImage {
  return {
    repository: `${registry.address}/${repositoryOf(plan)}`,
    tag: hash,
    digest,
    program: plan.program,
    description: plan.description,
  };
}

function repositoryOf({ key }: ImagePlan): string {
  return `garrison/${key}`;
}

function failureOf({ key, recipe, own }: ImagePlan, error: unknown): Problem {
  const missing = error instanceof PackagesMissing;
  const cause = missing ? error.cause : error;
  if (cause instanceof ProblemReport && cause.problems[0] !== undefined) {
    return { ...cause.problems[0], property: `${key}: ${cause.problems[0].property}` };
  }
  return {
    property: `image ${key} (${own ? recipe : `lab/images/${recipe}`})`,
    found: error instanceof Error ? error.message : String(error),
    expected: missing ? "packages that can be had" : "an image; a stand-in never takes the place of a build that fails",
  };
}

async function readIndex(file: string): Promise<Index> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch {
    // An index that cannot be read costs time, not correctness.
    return {};
  }
}

async function writeLock(file: string, images: Readonly<Record<string, LabImage>>): Promise<void> {
  const text = `${JSON.stringify({ images }, null, 2)}\n`;
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== text) await writeFileAtomic(file, text);
}
