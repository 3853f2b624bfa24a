import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { docker, removeByPrefix } from "./docker.ts";
import { LabEstate } from "./lab-estate.ts";

/** Daemons that a run may have started on its way; they belong to the machine, not to the run. */
const daemons = new Set(["dockerd", "containerd", "docker-registry", "registry"]);

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), id: z.string().optional() })).optional(),
    pending_operations: z.array(z.unknown()).nullish(),
  }),
});

/** An estate whose runs can be hurt: its state lies on a small disk of its own, and its processes can be found. */
export class FaultyEstate extends LabEstate {
  /** An estate that nobody has deployed yet. Its disk is a tmpfs, so it needs root, as a deployment does. */
  static override async make(name: string, diskMiB = 64): Promise<FaultyEstate> {
    const state = await mkdtemp(join(tmpdir(), "garrison-faults-"));
    await execa("mount", ["-t", "tmpfs", "-o", `size=${String(diskMiB)}m,mode=0700`, "tmpfs", state]);
    return new FaultyEstate(name, state);
  }

  /** Starts `npm run <command>` on a terminal of its own; what is written to its input is what a person types. */
  startOnTerminal(command: string) {
    return execa("script", ["--quiet", "--return", "--command", `npm run ${command}`, "/dev/null"], {
      cwd: checkout,
      env: this.environment,
      all: true,
      reject: false,
      stdin: "pipe",
    });
  }

  /** Ids of the estate's containers and networks: as the daemon has them, and as the state has them. */
  async compared(): Promise<{ real: string[]; recorded: string[]; pending: number }> {
    const label = `label=garrison.estate=${(await this.idNow()) ?? ""}`;
    const containers = await docker("ps", "-aq", "--no-trunc", "--filter", label);
    const networks = await docker("network", "ls", "-q", "--no-trunc", "--filter", label);
    const { stdout } = await this.start("pulumi", "stack", "export");
    const { deployment } = exportSchema.parse(JSON.parse(stdout.slice(stdout.indexOf("\n{"))));
    const recorded = (deployment.resources ?? []).flatMap(({ type, id }) =>
      /^docker:index\/(container|network):/.test(type) && id !== undefined ? [id] : [],
    );
    const real = `${containers}\n${networks}`.split("\n").filter((id) => id !== "");
    return { real: real.sort(), recorded: recorded.sort(), pending: deployment.pending_operations?.length ?? 0 };
  }

  /** Waits until the run has made `count` containers more; one that ends before, or never comes so far, is told. */
  async untilMore(count: number, run: PromiseLike<{ readonly all: string }>): Promise<void> {
    let ended: string | undefined;
    void run.then(({ all }) => (ended = all));
    const before = (await this.containers()).length;
    const deadline = Date.now() + 600_000;
    while ((await this.containers()).length < before + count) {
      if (Date.now() > deadline) await this.killEverything();
      if (ended !== undefined) throw new Error(`the run made less than ${String(count)} containers:\n${ended}`);
      await sleep(100);
    }
  }

  /**
   * Waits until no container is starting any more. An OpenClaw that is removed while it starts leaves a lease in its state
   * directory, for which the next one waits five minutes.
   */
  async untilStarted(): Promise<void> {
    const label = `label=garrison.estate=${(await this.idNow()) ?? ""}`;
    const deadline = Date.now() + 120_000;
    while ((await docker("ps", "-q", "--filter", label, "--filter", "health=starting")) !== "") {
      if (Date.now() > deadline) throw new Error("containers start for two minutes");
      await sleep(500);
    }
  }

  /** Kills every process that runs for this estate, at once and without a word. Returns their programs. */
  async killEverything(): Promise<string[]> {
    const killed: string[] = [];
    for (let found = await this.#processes(); found.length > 0; found = await this.#processes()) {
      for (const { pid, program } of found) {
        kill(pid);
        killed.push(program);
      }
      await sleep(50);
    }
    return killed;
  }

  /** With npm: what is killed is all that a person has started. */
  protected override commandLine(
    _directory: string,
    args: readonly string[],
  ): readonly [file: string, args: readonly string[]] {
    const [command = "", ...options] = args;
    return ["npm", ["run", command, ...(options.length > 0 ? ["--", ...options] : [])]];
  }

  async #processes(): Promise<{ pid: number; program: string }[]> {
    const numbers = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    const found = await Promise.all(
      numbers.map(async (entry) => {
        const read = (file: string) => readFile(`/proc/${entry}/${file}`, "utf8").catch(() => "");
        if (!(await read("environ")).split("\0").includes(`XDG_STATE_HOME=${this.state}`)) return [];
        const program = (await read("comm")).trim();
        const zombie = /^State:\s*[ZX]/m.test(await read("status"));
        return zombie || daemons.has(program) ? [] : [{ pid: Number(entry), program }];
      }),
    );
    return found.flat();
  }

  /** Fills the disk of the state to the last byte; the returned function makes room again. */
  async fillDisk(): Promise<() => Promise<void>> {
    const filler = join(this.state, "filler");
    const written = await execa("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { reject: false });
    if (!written.stderr.includes("No space left on device")) throw new Error(`the disk is not full: ${written.stderr}`);
    return () => rm(filler);
  }

  /** Takes everything down and removes disk and files; what `down` could not remove must not fail other tests. */
  override async end(): Promise<void> {
    const id = await this.idNow().catch(() => undefined);
    const down = id === undefined ? undefined : await this.start("down", "--volumes");
    if (id !== undefined && down?.exitCode !== 0) await removeByPrefix(`${id}-`, { images: false });
    await execa("umount", [this.state]);
    await rm(this.state, { recursive: true, force: true });
    if (down !== undefined && down.exitCode !== 0) throw new Error(`down failed:\n${down.all}`);
  }
}

/** One that has just ended by itself needs no killing. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
