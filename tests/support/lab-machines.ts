import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { kernelSettings } from "#lab/machines/kernel.ts";
import { labFiles } from "#lab/machines/paths.ts";
import type { LabFiles } from "#lab/machines/paths.ts";
import { checkout } from "#helpers/files/directories.ts";

/** A lab of machines of a test's own, beside a person's. The cached image is shared. */
export interface TestLab {
  /** XDG_STATE_HOME of whatever is to work in this lab. */
  readonly state: string;
  readonly files: LabFiles;
  /** By which other programs find it. */
  readonly environment: { readonly XDG_STATE_HOME: string };
  /** Runs `npm run lab -- <args>`. */
  run(...args: string[]): Promise<{ exitCode?: number | undefined; all?: string | undefined; stdout: string }>;
  /** Starts the same and leaves it running. */
  begin(...args: string[]): Promise<unknown> & { readonly pid?: number | undefined };
  /** Runs a command on a machine, over ssh. */
  on(machine: string, ...command: string[]): ReturnType<TestLab["run"]>;
  end(): Promise<void>;
}

export async function testLab(): Promise<TestLab> {
  const state = await mkdtemp(join(tmpdir(), "garrison-lab-"));
  const environment = { XDG_STATE_HOME: state };
  const options = { cwd: checkout, env: environment, reject: false, all: true, stdin: "ignore" } as const;
  const argv = (args: readonly string[]) => [join(checkout, "scripts/cli.ts"), "lab", ...args];
  const run: TestLab["run"] = async (...args) => execa(process.execPath, argv(args), options);
  return {
    state,
    files: labFiles(join(state, "garrison")),
    environment,
    run,
    begin: (...args) => execa(process.execPath, argv(args), options),
    on: (machine, ...command) => run("ssh", machine, ...command),
    end: async () => {
      const down = await run("down");
      // Without its description a lab that is left could not be removed by anybody.
      if (down.exitCode !== 0)
        throw new Error(`lab down failed; the lab's description is in ${state}:\n${down.all ?? ""}`);
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** What of the host a lab could have changed, as text a line; other work on the host does not show in it. */
export async function hostPicture(): Promise<string[]> {
  const ours = /garrison-lab|garrison_lab|garrison_azure/;
  const links = await lines("ip", ["-brief", "link"]);
  const settings = Object.keys(kernelSettings).map(async (name) => {
    const value = await readFile(join("/proc/sys", name), "utf8").catch(() => "absent");
    return `${name} = ${value.trim()}`;
  });
  const processes = await lines("ps", ["-eo", "args"]);
  const cgroups = (await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => line.includes(" cgroup"));
  const hierarchies = await readdir("/sys/fs/cgroup");
  const trees = hierarchies.map(async (name) => readdir(join("/sys/fs/cgroup", name)).catch(() => []));
  return [
    ...links.map((line) => line.split(/[\s@]/)[0] ?? "").filter((name) => /-lab$|-z[a-z0-9]{5}$/.test(name)),
    ...(await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => /garrison-lab|lxcfs/.test(line)),
    ...cgroups,
    ...(await Promise.all(trees)).flat().filter((name) => name.startsWith("lxc.")),
    ...(await Promise.all(settings)),
    ...processes.filter(
      (line) => /incusd|lxcfs|\[lxc monitor\]|garrison-lab/.test(line) && !line.includes("<defunct>"),
    ),
    ...(await lines("iptables", ["-w", "-S", "DOCKER-USER"])),
    ...(await lines("nft", ["list", "tables"])).filter((line) => ours.test(line) || line.includes("incus")),
    ...(await lines("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"])),
  ].sort();
}

async function lines(program: string, args: readonly string[]): Promise<string[]> {
  const ran = await execa(program, args, { reject: false, stdin: "ignore" });
  return ran.stdout.split("\n").filter((line) => line !== "");
}
