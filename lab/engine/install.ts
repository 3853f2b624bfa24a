import { createHash, randomUUID } from "node:crypto";
import { copyFile, link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cacheDirectory, checkout } from "@garrison/helpers/files/directories.ts";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";

export interface EngineOptions {
  /** The real Pulumi command line, a file. */
  readonly pulumi: string;
  /** The directory that becomes the engine: `bin/` and `home/`. */
  readonly directory: string;
  /** The Node that runs the language host, the plugins and the programs; it must be able to run TypeScript. */
  readonly node: string;
  /** The module that makes the simulated Azure's machines and links real; it exports `openFabric`. */
  readonly fabric: string;
}

export interface InstalledEngine {
  /** The command line to start. */
  readonly pulumi: string;
  /** The value of PULUMI_HOME. */
  readonly home: string;
}

/** In the environment of the plugins: the module that makes a fabric. */
export const fabricVariable = "GARRISON_FABRIC";

/** The lab's engine of a checkout. Its launchers point into the checkout, so two checkouts must not share it. */
export function engineDirectory(environment: NodeJS.ProcessEnv = process.env, directory = checkout): string {
  const id = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  return join(cacheDirectory(environment), "engine", id);
}

/**
 * Lays an engine out that runs without Pulumi's downloads: the command line, the language host beside it and the
 * provider plugins of the lab. Does nothing where everything is in place already; safe to run twice at a time.
 */
export async function installEngine(options: EngineOptions): Promise<InstalledEngine> {
  const directory = resolve(options.directory);
  const engine = { pulumi: join(directory, "bin", "pulumi"), home: join(directory, "home") };
  const { node, fabric } = options;
  const start: Start = { node, fabric, compileCache: join(directory, "compile-cache") };
  await placeCommandLine(options.pulumi, engine.pulumi);
  await writeLauncher(join(directory, "bin", "pulumi-language-nodejs"), start, "language-host/main.ts");
  for (const [name, version] of Object.entries(pluginVersions)) {
    const plugin = join(engine.home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
    await writeLauncher(plugin, start, `plugins/${name}/main.ts`);
  }
  return engine;
}

/** A hard link, or a copy: the engine resolves symlinks and then looks for the language host beside the target. */
async function placeCommandLine(source: string, target: string): Promise<void> {
  const wanted = await statOrNothing(source);
  if (wanted === undefined) throw new Error(`no Pulumi command line at ${source}; run \`npm run doctor\``);
  const present = await statOrNothing(target);
  if (present?.size === wanted.size && present.mtimeMs === wanted.mtimeMs) return;
  await replaceFile(target, async (temporary) => {
    try {
      await link(source, temporary);
    } catch (error) {
      if (!isErrno(error) || !["EXDEV", "EPERM", "EMLINK", "ENOTSUP"].includes(error.code ?? "")) throw error;
      await copyFile(source, temporary);
      await utimes(temporary, wanted.atime, wanted.mtime);
    }
  });
}

/** How every program of the engine is started. */
interface Start {
  readonly node: string;
  readonly fabric: string;
  readonly compileCache: string;
}

async function writeLauncher(file: string, start: Start, entry: string): Promise<void> {
  const script = launcher(start, resolve(import.meta.dirname, entry));
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present === script) return;
  await replaceFile(file, (temporary) => writeFile(temporary, script, { mode: 0o755 }));
}

/**
 * `exec` keeps the process id that the engine signals; the warning is Node 22's about stripped types.
 *
 * A preview starts five Nodes that compile the same SDK each time, which is a quarter of its processor time: Node keeps
 * what it compiled. Programs and policy packs inherit that from the language host.
 */
function launcher({ node, fabric, compileCache }: Start, entry: string): string {
  return [
    "#!/bin/sh",
    `[ "\${NODE_COMPILE_CACHE+set}" ] || export NODE_COMPILE_CACHE=${quote(compileCache)}`,
    `[ "\${${fabricVariable}+set}" ] || export ${fabricVariable}=${quote(fabric)}`,
    `exec ${quote(node)} --disable-warning=ExperimentalWarning ${quote(entry)} "$@"`,
    "",
  ].join("\n");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function replaceFile(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, file);
  } finally {
    // rename() does nothing when both names are the same file already, and would leave the temporary one behind.
    await rm(temporary, { force: true });
  }
}

async function statOrNothing(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (isErrno(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
