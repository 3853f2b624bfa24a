import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { z } from "zod";
import { readFacts } from "#lab/estate/facts.ts";
import type { EstateFacts } from "#lab/estate/facts.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import type { EstateFiles } from "#lab/estate/paths.ts";
import { checkout } from "#helpers/files/directories.ts";
import { docker } from "./docker.ts";

const infoSchema = z.object({
  Name: z.string(),
  State: z.object({ Pid: z.number(), Running: z.boolean() }),
});

/** A command at work; it ends with any exit code. */
type Running = ReturnType<typeof launch>;

/** A lab estate of a test's own, beside a person's, handled by the commands that a person types. */
export class LabEstate {
  readonly name: string;
  /** Where its state lies; the cache with engine and images is shared. */
  readonly state: string;
  #facts: EstateFacts | undefined;

  protected constructor(name: string, state: string) {
    this.name = name;
    this.state = state;
  }

  /** One that nobody has deployed yet. */
  static async make(name: string): Promise<LabEstate> {
    return new LabEstate(name, await mkdtemp(join(tmpdir(), "garrison-estate-")));
  }

  get files(): EstateFiles {
    return estateFiles(this.name, "office", join(this.state, "garrison"));
  }

  /** What was fixed at its first `up`. */
  get facts(): EstateFacts {
    if (this.#facts === undefined) throw new Error(`${this.name} is not up`);
    return this.#facts;
  }

  get id(): string {
    return this.facts.id;
  }

  /** The same, or undefined as long as there is none. */
  async idNow(): Promise<string | undefined> {
    this.#facts ??= await readFacts(this.files.facts);
    return this.#facts?.id;
  }

  /** Starts `npm run <command>`. */
  start(...args: string[]): Running {
    return this.startIn(checkout, ...args);
  }

  /** The same, with the scripts and the program of another checkout. */
  startIn(directory: string, ...args: string[]): Running {
    const [file, words] = this.commandLine(directory, args);
    return launch(file, words, directory, this.environment);
  }

  /** Deploys it, which must succeed. */
  async up() {
    const ended = await this.start("up");
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/\b(\d+) of \1 containers are well/);
    await this.idNow();
    return ended;
  }

  /** Ids of the estate's containers. */
  async containers(): Promise<string[]> {
    const id = await this.idNow();
    if (id === undefined) return [];
    return (await docker("ps", "-aq", "--filter", `label=garrison.estate=${id}`))
      .split("\n")
      .filter((one) => one !== "");
  }

  /** Process id of a service's container on the host. */
  async pidOf(service: string): Promise<number> {
    const { stdout } = await execa("docker", ["inspect", `${this.id}-${service}`]);
    const [info] = z.array(infoSchema).parse(JSON.parse(stdout));
    if (info?.State.Running !== true) throw new Error(`${service} is not running`);
    return info.State.Pid;
  }

  /** Takes everything down and removes the estate's files. */
  async end(): Promise<void> {
    if (existsSync(this.files.facts)) {
      const down = await this.start("down", "--volumes");
      expect(down.exitCode, down.all).toBe(0);
    }
    await rm(this.state, { recursive: true, force: true });
  }

  /** Without npm, which only adds its start. */
  protected commandLine(directory: string, args: readonly string[]): readonly [file: string, args: readonly string[]] {
    return [process.execPath, [join(directory, "scripts/cli.ts"), ...args]];
  }

  protected get environment(): Record<string, string> {
    return { XDG_STATE_HOME: this.state, GARRISON_ESTATE: this.name };
  }
}

function launch(file: string, words: readonly string[], cwd: string, env: Record<string, string>) {
  return execa(file, words, { cwd, env, all: true, reject: false, stdin: "ignore" });
}
