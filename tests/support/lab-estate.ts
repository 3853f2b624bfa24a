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

const infoSchema = z.object({
  Name: z.string(),
  State: z.object({ Pid: z.number(), Running: z.boolean() }),
});

/** A lab estate of a test's own, beside a person's. */
export interface LabEstate {
  readonly id: string;
  readonly facts: EstateFacts;
  readonly files: EstateFiles;
  /** Runs `npm run <args>` on this estate. */
  run(...args: string[]): Promise<{ exitCode?: number | undefined; all?: string | undefined; stdout: string }>;
  /** The same, with the scripts and the program of another checkout. */
  runIn(directory: string, ...args: string[]): ReturnType<LabEstate["run"]>;
  /** Process id of a service's container on the host. */
  pidOf(service: string): Promise<number>;
  /** Takes everything down and removes the estate's files. */
  end(): Promise<void>;
}

/** Brings an estate up with the same command that a person types. */
export async function bringUp(name: string): Promise<LabEstate> {
  const state = await mkdtemp(join(tmpdir(), "garrison-estate-"));
  const files = estateFiles(name, "office", join(state, "garrison"));
  const runIn = async (directory: string, ...args: string[]) =>
    execa(process.execPath, [join(directory, "scripts/cli.ts"), ...args], {
      cwd: directory,
      env: { XDG_STATE_HOME: state, GARRISON_ESTATE: name },
      reject: false,
      all: true,
      stdin: "ignore",
    });
  const run = (...args: string[]) => runIn(checkout, ...args);
  const end = async (): Promise<void> => {
    if (existsSync(files.facts)) {
      const down = await run("down", "--volumes");
      expect(down.exitCode, down.all).toBe(0);
    }
    await rm(state, { recursive: true, force: true });
  };
  const up = await run("up");
  if (up.exitCode !== 0) {
    await end();
    throw new Error(`up failed:\n${up.all}`);
  }
  const facts = await readFacts(files.facts);
  if (facts === undefined) throw new Error(`${files.facts} is missing after up`);
  const pidOf = async (service: string): Promise<number> => {
    const { stdout } = await execa("docker", ["inspect", `${facts.id}-${service}`]);
    const [info] = z.array(infoSchema).parse(JSON.parse(stdout));
    if (info?.State.Running !== true) throw new Error(`${service} is not running`);
    return info.State.Pid;
  };
  return { id: facts.id, facts, files, run, runIn, pidOf, end };
}
