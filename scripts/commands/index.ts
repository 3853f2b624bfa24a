import type { Command } from "commander";

/** What a file of this directory exports: it adds its own subcommand, with options and action, to the program. */
export interface CommandModule {
  register(program: Command): void;
}

interface CommandEntry {
  /** One line for `--help`. */
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** Every subcommand, in the order in which help lists them. A command sets `process.exitCode`; 0 when it does not. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  test: { summary: "lint, unit, preview and lab tests", load: () => import("./test.ts") },
};
