import { delimiter, dirname } from "node:path";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";
import { engineDirectory } from "#lab/engine/install.ts";
import { installEngine } from "#lab/engine/install.ts";
import { pulumiVersion } from "#helpers/pulumi/versions.ts";
import { incusFabric } from "#lab/fabric/places.ts";
import { problem } from "#helpers/terminal/report.ts";
import { buildCli } from "./build.ts";
import { openCache } from "./cache.ts";
import type { PulumiCache } from "./cache.ts";
import { findOnPath } from "./on-path.ts";
import { installOfficialPlugins } from "./plugins.ts";
import type { WantedPlugin } from "./plugins.ts";
import { releaseBase } from "./release.ts";

/** What runs a stack: the command line and the environment that it needs. */
export interface Toolchain {
  /** `official`: Pulumi's own plugins. `lab`: ours, in lab/engine; each refuses the other's state. */
  readonly kind: ToolchainKind;
  /** The command line, a file. */
  readonly pulumi: string;
  /** Set on top of the caller's environment; without backend and passphrase, which belong to the estate. */
  readonly env: Readonly<Record<string, string>>;
  /** One line for people. */
  describe(): string;
}

type ToolchainKind = "official" | "lab";

export interface ToolchainOptions {
  /** For a state that was written by one kind already. Without it: official where it can be had, else lab. */
  readonly kind?: ToolchainKind;
  /** Of Pulumi's own plugins, those that are brought. The lab's are all there. @default none */
  readonly plugins?: readonly WantedPlugin[];
}

// One for the run: it remembers that the download host cannot be reached.
let cache: PulumiCache | undefined;

/** Brings the Pulumi command line and its plugins; everything it makes lies in the cache outside the tree. */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  cache ??= openCache({
    directory: dirname(dirname(pulumiCacheFile())),
    source: { base: releaseBase(), version: pulumiVersion },
    build: buildCli,
  });
  if (options.kind === "lab") return labToolchain(cache);
  const { plugins = [] } = options;
  const installed = await findOnPath();
  if (installed !== undefined)
    return officialToolchain(installed.file, `installed on this machine, ${installed.version}`, plugins);
  const cached = await cache.official();
  if (cached !== undefined) return officialToolchain(cached, "downloaded before", plugins);
  if (options.kind === undefined && (await cache.hasLab())) return labToolchain(cache);
  const downloaded = await cache.obtainOfficial();
  if (downloaded !== undefined) return officialToolchain(downloaded, "downloaded", plugins);
  if (options.kind === undefined) return labToolchain(cache);
  throw problem("The official Pulumi cannot be had", {
    property: "pulumi",
    found: "not on PATH, and its download host cannot be reached",
    expected: `Pulumi ${pulumiVersion}: the state of this stack was written with the official plugins`,
    fix: "install Pulumi (https://www.pulumi.com/docs/install/), or set GARRISON_PULUMI_RELEASES to a mirror",
  });
}

async function officialToolchain(pulumi: string, origin: string, plugins: readonly WantedPlugin[]): Promise<Toolchain> {
  const env = {
    PATH: pathWith(dirname(pulumi), dirname(process.execPath)),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The engine would fetch the plugin of every package in node_modules, Azure's too, which no office machine uses.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  await installOfficialPlugins(pulumi, env, plugins);
  return { kind: "official", pulumi, env, describe: () => `official Pulumi and plugins (${origin}): ${pulumi}` };
}

async function labToolchain(from: PulumiCache): Promise<Toolchain> {
  const engine = await installEngine({
    pulumi: await from.obtainLab(),
    directory: engineDirectory(),
    node: process.execPath,
    fabric: incusFabric,
  });
  return {
    kind: "lab",
    pulumi: engine.pulumi,
    env: {
      PATH: pathWith(dirname(engine.pulumi), dirname(process.execPath)),
      PULUMI_HOME: engine.home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Pulumi's own plugins on PATH would be taken before the lab's.
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    },
    describe: () => `Pulumi ${pulumiVersion} with the lab's own language host and plugins: ${engine.pulumi}`,
  };
}

function pathWith(...first: readonly string[]): string {
  return [...first, process.env.PATH ?? ""].join(delimiter);
}
