import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { buildContext } from "./context.ts";
import type { Archives } from "./context.ts";
import { debianFiles } from "./debian-files.ts";
import type { Say } from "./host-tools.ts";
import type { ImageInputs } from "./inputs.ts";
import { npmFiles } from "./npm-files.ts";

export interface BuildOptions {
  readonly docker: Docker;
  /** What builds can share lies here. */
  readonly cache: string;
  /** Directory of the recipes. */
  readonly recipes: string;
  readonly say: Say;
}

/** Builds the image and pushes it as `<repository>:<hash>`. Returns the digest under which the registry has it. */
export async function buildAndPush(inputs: ImageInputs, repository: string, options: BuildOptions): Promise<string> {
  const { docker, say } = options;
  const name = `${repository}:${inputs.hash}`;
  const { archives, busybox } = await prepare(inputs, options);
  say("building");
  const context = await buildContext(inputs, archives, busybox);
  const { key, workdir } = inputs.plan;
  const build = await docker.buildImage(context, {
    t: name,
    buildargs: inputs.plan.recipe === "stand-in" ? { WORKDIR: workdir } : {},
    labels: { "garrison.image": key, "garrison.image-inputs": inputs.hash },
    // What an image needs is in its context.
    networkmode: "none",
    forcerm: true,
  });
  await follow(docker, build, say);
  say("pushing");
  const push = await docker.getImage(name).push({ authconfig: { username: "", password: "", serveraddress: "" } });
  const digest = (await follow(docker, push, say)).map(({ aux }) => aux?.Digest).find((value) => value !== undefined);
  if (digest === undefined) throw new Error(`the registry did not say under which digest it keeps ${name}`);
  return digest;
}

async function prepare(inputs: ImageInputs, options: BuildOptions): Promise<{ archives: Archives; busybox?: Buffer }> {
  const { cache, recipes, say } = options;
  const base = await debianFiles(inputs.packages, cache, say);
  if (inputs.plan.program === "stand-in") return { archives: {}, busybox: await fileOf(base, "usr/bin/busybox") };
  const lock = inputs.files.get("package-lock.json");
  if (lock === undefined) return { archives: { "base.tar": base } };
  // Named after what it is made of: another configuration file does not fetch the packages again.
  const hash = createHash("sha256").update(`${process.arch}\n${lock}`).digest("hex").slice(0, 16);
  const app = join(cache, `npm-${inputs.plan.recipe}-${hash}.tar`);
  if (!existsSync(app)) await npmFiles(join(recipes, inputs.plan.recipe), app, say);
  return { archives: { "base.tar": base, "app.tar": app } };
}

/** One line of the stream in which Docker tells how a build or a push goes. */
interface Line {
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: { readonly Digest?: string };
}

/** Waits for the end. A build that failed ends like any other: only its last line says so. */
async function follow(docker: Docker, stream: NodeJS.ReadableStream, say: Say): Promise<Line[]> {
  const lines = await new Promise<Line[]>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, output: Line[]) => {
        if (error) reject(error);
        else resolve(output);
      },
      ({ stream: text }: Line) => {
        if (text?.startsWith("Step ") === true) say(text.trim());
      },
    );
  });
  const failure = lines.find(({ error }) => error !== undefined)?.error;
  if (failure === undefined) return lines;
  const said = lines.flatMap(({ stream: text }) => (text === undefined ? [] : [text])).join("");
  throw new Error([...said.trim().split("\n").slice(-8), failure].join("\n"));
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
