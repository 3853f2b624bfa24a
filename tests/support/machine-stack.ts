import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { EngineRun, TestEngine } from "./engine.ts";

/** The checkout whose program runs. */
export const checkout = resolve(import.meta.dirname, "../..");

/** A stack of the checkout's own program, with settings of its own, in a throw-away engine. */
export interface MachineStack {
  /** Its settings, to which the engine adds how they are encrypted. */
  readonly settings: string;
  /** Runs `pulumi <args>` on the stack; never rejects because of the exit code. */
  pulumi(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<EngineRun>;
  /** URNs of everything in the stack's state. */
  state(): Promise<string[]>;
}

/** Makes the stack. Its settings lie outside the checkout, into which the engine writes nothing. */
export async function machineStack(engine: TestEngine, stack: string, settings: string): Promise<MachineStack> {
  const directory = join(engine.project, "..", "stacks", stack);
  await mkdir(directory, { recursive: true });
  const file = join(directory, `Pulumi.${stack}.yaml`);
  await copyFile(join(checkout, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
  await writeFile(file, settings);
  const run = async (cwd: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const { exitCode, all, stdout } = await execa("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd,
      env: { ...engine.environment, PULUMI_STACK: stack, ...more },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
    });
    return { exitCode: exitCode ?? -1, output: all, stdout };
  };
  const made = await run(directory, ["stack", "init", stack, "--no-select"]);
  if (made.exitCode !== 0) throw new Error(`pulumi stack init ${stack}: ${made.output}`);
  return {
    settings: file,
    pulumi: (args, environment) => run(checkout, args, { PULUMI_OPTION_CONFIG_FILE: file, ...environment }),
    state: async () => {
      const exported = await run(directory, ["stack", "export"]);
      if (exported.exitCode !== 0) throw new Error(`pulumi stack export: ${exported.output}`);
      const { deployment } = JSON.parse(exported.stdout) as { deployment: { resources?: { urn: string }[] } };
      return (deployment.resources ?? []).map(({ urn }) => urn);
    },
  };
}

/** A committed settings file of the checkout. */
export function committedSettings(stack: string): Promise<string> {
  return readFile(join(checkout, `Pulumi.${stack}.yaml`), "utf8");
}

/** Runs `use` in a directory that is gone afterwards. */
export async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "garrison-test-"));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
