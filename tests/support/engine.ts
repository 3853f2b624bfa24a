import { randomBytes } from "node:crypto";
import { copyFile, link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { checkout } from "#helpers/files/directories.ts";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";
import { pluginVersions, type PluginName } from "#helpers/pulumi/versions.ts";
import { installEngine } from "#lab/engine/install.ts";
import { engineDirectory } from "#lab/engine/install.ts";
import { incusFabric } from "#lab/fabric/places.ts";
import { requireOfficialParts } from "#scripts/toolchain/official.ts";

/** A throw-away engine: the real command line with a backend, home and project of its own. */
export interface TestEngine {
  /** The project directory: Pulumi.yaml and `main.ts`. */
  readonly project: string;
  /** The name of the stack, which exists already. */
  readonly stack: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces the program, given as TypeScript text. Imports resolve as they do in the repository. */
  setProgram(source: string): Promise<void>;
  /** Runs `pulumi <args>` to its end; never rejects because of the exit code. */
  pulumi(args: readonly string[], options?: RunOptions): Promise<EngineRun>;
  /** Starts `pulumi <args>` and hands the process out, to be signalled. */
  start(args: readonly string[], options?: RunOptions): RunningEngine;
  /** The resources of the stack's state, with secrets as they lie in the state unless `showSecrets`. */
  resources(options?: { showSecrets?: boolean }): Promise<StateResource[]>;
  dispose(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export interface EngineRun {
  readonly exitCode: number;
  /** stdout and stderr as a person would see them. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunningEngine {
  readonly pid: number;
  /** Resolves when the engine has ended, however it ended. */
  readonly done: Promise<EngineRun>;
  kill(signal: NodeJS.Signals): void;
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface EngineOptions {
  readonly program: string;
  /** More lines of Pulumi.yaml. */
  readonly projectFile?: string;
}

/** Makes a throw-away engine. The caller disposes of it. */
export async function makeEngine(options: EngineOptions): Promise<TestEngine> {
  const root = await mkdtemp(join(tmpdir(), "garrison-test-"));
  const engine = await (process.env.GARRISON_TEST_ENGINE === "official" ? officialEngine(root) : labEngine());
  const project = join(root, "project");
  const environment = await layOut(root, project, engine, options);
  const setProgram = (source: string) => writeFile(join(project, "main.ts"), source);
  await setProgram(options.program);

  const start = (args: readonly string[], run: RunOptions = {}): RunningEngine => {
    const running = execa(engine.pulumi, [...args, "--non-interactive", "--color=never"], {
      cwd: project,
      env: { ...environment, ...run.env },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
    });
    return {
      pid: running.pid ?? -1,
      done: running.then(({ exitCode, all, stdout }) => ({ exitCode: exitCode ?? -1, output: all, stdout })),
      kill: (signal) => {
        running.kill(signal);
      },
    };
  };
  const pulumi = (args: readonly string[], run?: RunOptions) => start(args, run).done;
  const stack = "test";
  const created = await pulumi(["stack", "init", stack]);
  if (created.exitCode !== 0) throw new Error(`pulumi stack init: ${created.output}`);

  return {
    project,
    stack,
    environment,
    setProgram,
    start,
    pulumi,
    resources: async ({ showSecrets = false } = {}) => {
      const exported = await pulumi(["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])]);
      if (exported.exitCode !== 0) throw new Error(`pulumi stack export: ${exported.output}`);
      const state = JSON.parse(exported.stdout) as { deployment: { resources?: StateResource[] } };
      return state.deployment.resources ?? [];
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

/** A command line with its language host beside it, and the files of plugins. */
interface ChosenEngine {
  readonly pulumi: string;
  readonly plugins: Readonly<Partial<Record<PluginName, string>>>;
}

async function labEngine(): Promise<ChosenEngine> {
  const { pulumi, home } = await installEngine({
    pulumi: pulumiCacheFile(),
    directory: engineDirectory(),
    node: process.execPath,
    fabric: incusFabric,
  });
  const files = Object.entries(pluginVersions).map(([name, version]) => [
    name,
    join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`),
  ]);
  return { pulumi, plugins: Object.fromEntries(files) as Record<PluginName, string> };
}

/** The same command line with Pulumi's own language host and plugins. */
async function officialEngine(root: string): Promise<ChosenEngine> {
  const { languageHost, plugins } = await requireOfficialParts();
  const bin = join(root, "bin");
  await mkdir(bin);
  const pulumi = join(bin, "pulumi");
  await link(pulumiCacheFile(), pulumi).catch(() => copyFile(pulumiCacheFile(), pulumi));
  await symlink(languageHost, join(bin, "pulumi-language-nodejs"));
  return { pulumi, plugins };
}

async function layOut(
  root: string,
  project: string,
  engine: ChosenEngine,
  options: EngineOptions,
): Promise<Record<string, string>> {
  const home = join(root, "home");
  const backend = join(root, "backend");
  const passphrase = join(root, "passphrase");
  for (const directory of [home, backend, project]) await mkdir(directory, { recursive: true });
  await placePlugins(engine.plugins, join(home, "plugins"));
  await symlink(join(checkout, "node_modules"), join(project, "node_modules"));
  await writeFile(passphrase, randomBytes(16).toString("hex"), { mode: 0o600 });
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "probe", private: true, type: "module" }));
  await writeFile(join(project, "Pulumi.yaml"), projectFile(options.projectFile));
  return {
    HOME: root,
    PATH: `${dirname(engine.pulumi)}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

async function placePlugins(from: ChosenEngine["plugins"], to: string): Promise<void> {
  await mkdir(to);
  for (const [name, version] of Object.entries(pluginVersions)) {
    const file = from[name as PluginName];
    if (file === undefined) continue;
    const plugin = join(to, `resource-${name}-v${version}`, `pulumi-resource-${name}`);
    // The engine passes over a directory that is a link.
    await mkdir(dirname(plugin));
    await symlink(file, plugin);
  }
}

function projectFile(more = ""): string {
  return [
    "name: probe",
    "main: main.ts",
    "runtime:",
    "  name: nodejs",
    "  options:",
    "    typescript: false",
    '    nodeargs: "--stack-trace-limit=0"',
    more,
    "",
  ].join("\n");
}
