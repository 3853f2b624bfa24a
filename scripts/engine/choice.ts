import { join } from "node:path";
import type { Command } from "commander";
import type { Estate } from "#lab/estate/estate.ts";
import { withLock } from "#helpers/files/lock.ts";
import { problem } from "#helpers/terminal/report.ts";

/** Which estate a command means. */
export interface EstateChoice {
  readonly stack: string;
  readonly estate?: string;
}

/** The options by which a command is told which estate it is about. */
export function withEstateOptions(command: Command): Command {
  return command
    .option("--stack <stack>", "the stack: office, azure-web or gpu", "office")
    .option("--estate <name>", "name of the lab estate (or GARRISON_ESTATE); by default the stack's name");
}

/** Does `work` while no other command changes the estate; refuses when one does. */
export function aloneOn<T>(estate: Estate, work: () => Promise<T>): Promise<T> {
  return withLock(join(estate.files.directory, "run.lock"), work, {
    onWait: ({ pid }) => {
      throw problem("Another command is changing this estate", {
        property: `estate ${estate.name}`,
        found: `process ${String(pid)} is at work on it`,
        expected: "one at a time",
        fix: "wait for it, then run the same command again",
      });
    },
  });
}

/** `npm run up`, with what was chosen. */
export function commandLine(command: string, { stack, estate }: EstateChoice, ...flags: readonly string[]): string {
  const options = [
    ...(stack === "office" ? [] : ["--stack", stack]),
    ...(estate === undefined ? [] : ["--estate", estate]),
    ...flags,
  ];
  const prefix =
    estate === undefined && process.env.GARRISON_ESTATE ? `GARRISON_ESTATE=${process.env.GARRISON_ESTATE} ` : "";
  return `${prefix}npm run ${command}${options.length === 0 ? "" : ` -- ${options.join(" ")}`}`;
}

/** `npm run doctor` for the estate that a command is about: `npm run up -- --estate trial`. */
export function doctorFor(command: string): string {
  return /\bnpm run (up|down)\b/.test(command)
    ? command.replace(/\bnpm run (up|down)\b/, "npm run doctor").replace(/ (-- )?--volumes$/, "")
    : "npm run doctor";
}

/** `npm run up` for an estate, whoever chose it. */
export function commandFor(
  { name, stack }: Pick<Estate, "name" | "stack">,
  command: string,
  ...flags: readonly string[]
) {
  return commandLine(command, { stack, ...(name !== stack && { estate: name }) }, ...flags);
}

/** A command of Pulumi's own on an estate, whoever chose it. */
export function pulumiLine({ name, stack }: Pick<Estate, "name" | "stack">, args: string): string {
  const prefix = name === stack ? "" : `GARRISON_ESTATE=${name} `;
  return `${prefix}npm run pulumi -- ${args}${stack === "office" ? "" : ` -s ${stack}`}`;
}
