import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { EngineRun, TestEngine } from "./engine.ts";
import { checkout } from "./machine-stack.ts";

/** How a program's own files are read: `module` is what its package.json has as `type`. */
export type ModuleFormat = "commonjs" | "module";

/** Somebody else's Pulumi program, with packages of ours installed. */
export interface Consumer {
  readonly directory: string;
  /** Writes `index.ts`, the program. */
  setProgram(source: string): Promise<void>;
  /** Writes a file beside the program. */
  write(name: string, text: string): Promise<void>;
  /** Types a line into a shell there; never rejects because of the exit code. */
  type(line: string): Promise<EngineRun>;
  /** Runs `pulumi <args>`; never rejects because of the exit code. */
  pulumi(args: readonly string[]): Promise<EngineRun>;
  /** What `node <args>` prints there. */
  node(args: readonly string[]): Promise<string>;
  /** What the compiler says of the program; empty when it says nothing. */
  typeCheck(module: string, moduleResolution: string): Promise<string>;
}

/**
 * Makes a fresh program beside the engine's own. Tarballs are installed by npm, as real directories, without a registry;
 * Pulumi's SDK is the checkout's.
 *
 * A CommonJS program is left to Pulumi's defaults, which are its own copy of ts-node with the program's TypeScript; a
 * program of ES modules is run by Node.
 */
export async function makeConsumer(
  engine: TestEngine,
  format: ModuleFormat,
  tarballs: Readonly<Record<string, string>>,
): Promise<Consumer> {
  const directory = join(engine.project, "..", `consumer-${format}`);
  const modules = join(directory, "node_modules");
  await mkdir(directory);
  const file = (name: string, value: string) => writeFile(join(directory, name), value);
  const dependencies = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  await file("package.json", JSON.stringify({ name: `consumer-${format}`, private: true, type: format, dependencies }));
  await file(
    "Pulumi.yaml",
    `name: consumer-${format}\n${format === "commonjs" ? "runtime: nodejs\n" : runtimeOfModules}`,
  );

  const within = { cwd: directory, env: engine.environment, extendEnv: false, stdin: "ignore", all: true } as const;
  // The SDK's own packages are many, and npm would ask a registry for them.
  await execa(
    "npm",
    ["install", "--offline", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"],
    within,
  );
  await mkdir(join(modules, "@types"), { recursive: true });
  for (const name of ["@pulumi", "@types/node"])
    await symlink(join(checkout, "node_modules", name), join(modules, name));

  const pulumi = async (args: readonly string[]): Promise<EngineRun> => {
    const flags = ["--stack", "test", "--non-interactive", "--color=never"];
    const { exitCode, all, stdout } = await execa("pulumi", [...args, ...flags], { ...within, reject: false });
    return { exitCode: exitCode ?? -1, output: all, stdout };
  };
  const made = await pulumi(["stack", "init"]);
  if (made.exitCode !== 0) throw new Error(`pulumi stack init: ${made.output}`);
  const compiler = join(checkout, "node_modules/typescript/bin/tsc");

  return {
    directory,
    write: file,
    type: async (line) => {
      const { exitCode, all, stdout } = await execa("sh", ["-ec", line], { ...within, reject: false });
      return { exitCode: exitCode ?? -1, output: all, stdout };
    },
    setProgram: (source) => file("index.ts", source),
    pulumi,
    node: async (args) => (await execa(process.execPath, args, within)).stdout,
    typeCheck: async (module, moduleResolution) => {
      // Declarations of libraries are checked too; zod's need the flag where the module format does not imply it.
      const flags = ["--noEmit", "--strict", "--esModuleInterop", "--target", "es2022", "--types", "node"];
      const mode = ["--module", module, "--moduleResolution", moduleResolution];
      const args = [compiler, ...flags, ...mode, "index.ts"];
      return (await execa(process.execPath, args, { ...within, reject: false })).all;
    },
  };
}

const runtimeOfModules = `main: index.ts
runtime:
  name: nodejs
  options:
    typescript: false
`;

/** Packs an installed package of the checkout, so that npm can install it again without a registry. */
export async function packInstalled(name: string, destination: string): Promise<string> {
  const source = join(checkout, "node_modules", name);
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as { version: string };
  await execa("npm", ["pack", source, "--ignore-scripts", "--offline", "--pack-destination", destination], {
    cwd: destination,
  });
  return join(destination, `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
}
