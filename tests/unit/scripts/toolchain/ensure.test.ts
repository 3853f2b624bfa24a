import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pluginVersions } from "#helpers/pulumi/versions.ts";
import { renderReport } from "#helpers/terminal/report.ts";
import type { ProblemReport } from "#helpers/terminal/report.ts";
import type { Toolchain, ToolchainOptions } from "#scripts/toolchain/ensure.ts";
import { good, startReleaseServer, version } from "./release-server.ts";
import type { ReleaseServer } from "./release-server.ts";

/** A play `pulumi`: says its version, and installs a plugin as far as the layout of its home goes. */
const playPulumi = `#!/bin/sh
case "$1" in
version) echo v${version} ;;
plugin)
  echo "$4 $5" >> "$PULUMI_HOME/asked"
  if [ "$4" = "$FAILING_PLUGIN" ]; then echo "dial tcp: no route to host" >&2; exit 255; fi
  mkdir -p "$PULUMI_HOME/plugins/resource-$4-v$5"
  echo '#!/bin/sh' > "$PULUMI_HOME/plugins/resource-$4-v$5/pulumi-resource-$4"
  chmod +x "$PULUMI_HOME/plugins/resource-$4-v$5/pulumi-resource-$4" ;;
esac
`;
const wanted = Object.entries(pluginVersions).map(([name, pinned]) => ({ name, version: pinned }));
const plugins = wanted.map(({ name, version: pinned }) => `${name} ${pinned}`);

let server: ReleaseServer;
let scratch: string;
let home: string;

beforeEach(async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(console, "error").mockReturnValue();
  server = await startReleaseServer();
  scratch = await mkdtemp(join(tmpdir(), "garrison-test-"));
  home = join(scratch, "home");
  await mkdir(home);
  vi.stubEnv("PATH", `${join(scratch, "bin")}:/usr/bin:/bin`);
  vi.stubEnv("XDG_CACHE_HOME", join(scratch, "cache"));
  vi.stubEnv("PULUMI_HOME", home);
  vi.stubEnv("GARRISON_PULUMI_RELEASES", server.base);
  // A new run: nothing is remembered of the one before.
  vi.resetModules();
});

afterEach(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function ensure(options?: ToolchainOptions): Promise<Toolchain> {
  const module = await import("#scripts/toolchain/ensure.ts");
  return module.ensureToolchain({ plugins: wanted, ...options });
}

async function putPrograms(directory: string, names: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of names) await writeFile(join(directory, name), playPulumi, { mode: 0o755 });
}

const installOfficial = (): Promise<void> => putPrograms(join(scratch, "bin"), ["pulumi", "pulumi-language-nodejs"]);
const cacheLab = (): Promise<void> => putPrograms(join(scratch, `cache/garrison/pulumi/v${version}/bin`), ["pulumi"]);
const asked = async (): Promise<string[]> => (await readFile(join(home, "asked"), "utf8")).trim().split("\n");

describe("with the official Pulumi installed", () => {
  it("uses it with its own home, fetches every wanted plugin once, and downloads nothing", async () => {
    await installOfficial();
    const toolchain = await ensure();
    expect(toolchain).toMatchObject({ kind: "official", pulumi: join(scratch, "bin/pulumi") });
    expect(toolchain.env).not.toHaveProperty("PULUMI_HOME");
    expect(toolchain.env.PATH?.startsWith(join(scratch, "bin"))).toBe(true);
    await ensure();
    expect(await asked()).toEqual(plugins);
    expect(server.requests).toEqual([]);
  });

  it("fetches what a stack uses, and leaves nothing for the engine to fetch by itself", async () => {
    await installOfficial();
    const docker = { name: "docker", version: pluginVersions.docker };
    const { env } = await ensure({ plugins: [docker] });
    expect(await asked()).toEqual([`docker ${docker.version}`]);
    expect(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
  });

  it("fetches no plugin that is on PATH, where the engine looks first", async () => {
    await installOfficial();
    await putPrograms(join(scratch, "bin"), ["pulumi-resource-docker"]);
    await ensure();
    expect(await asked()).toEqual(plugins.filter((plugin) => !plugin.startsWith("docker ")));
  });

  it("tells of every plugin that cannot be had, with what Pulumi said and what to type", async () => {
    await installOfficial();
    vi.stubEnv("FAILING_PLUGIN", "docker");
    const error = await ensure().catch((reason: unknown) => reason);
    const text = renderReport(error as ProblemReport);
    expect(text).toContain("no route to host");
    expect(text).toContain(`pulumi plugin install resource docker ${pluginVersions.docker}`);
    expect(text).not.toContain("plugin random");
  });

  it("fetches a plugin again whose download was interrupted", async () => {
    await installOfficial();
    await ensure();
    await writeFile(join(home, `plugins/resource-tls-v${pluginVersions.tls}.partial`), "");
    await ensure();
    expect(await asked()).toEqual([...plugins, `tls ${pluginVersions.tls}`]);
  });

  it("is left aside for a state that the lab's plugins wrote", async () => {
    await installOfficial();
    await cacheLab();
    const toolchain = await ensure({ kind: "lab" });
    expect(toolchain.kind).toBe("lab");
    expect(toolchain.env.PULUMI_HOME?.startsWith(join(scratch, "cache/garrison/engine"))).toBe(true);
    expect(await readdir(join(toolchain.env.PULUMI_HOME ?? "", "plugins"))).toHaveLength(plugins.length);
  });
});

describe("without Pulumi on PATH", () => {
  it("takes what was built before without asking the network", async () => {
    await cacheLab();
    await ensure({ kind: "lab" });
    await server.close();
    const toolchain = await ensure();
    expect(toolchain.kind).toBe("lab");
    expect(toolchain.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
    // Pulumi's own on PATH would be taken in the place of the lab's.
    expect(toolchain.env.PULUMI_IGNORE_AMBIENT_PLUGINS).toBe("true");
  });

  it("downloads the official release", async () => {
    // The play release knows no plugins: they lie in the home already.
    await installOfficial();
    await ensure();
    await rm(join(scratch, "bin"), { recursive: true });
    const toolchain = await ensure();
    expect(toolchain.kind).toBe("official");
    expect(toolchain.describe()).toContain("downloaded");
    expect(server.requests).toHaveLength(1);
  });

  it("says so where a state needs the official plugins and they cannot be had", async () => {
    server.behaviour = { ...good, checksums: "refused" };
    const error = await ensure({ kind: "official" }).catch((reason: unknown) => reason);
    expect(renderReport(error as ProblemReport)).toMatch(/GARRISON_PULUMI_RELEASES/);
  });
});
