import { join } from "node:path";
import type { Command } from "commander";
import type { Estate } from "../../lab/estate/estate.ts";
import { withLock } from "../lib/lock.ts";
import { problem } from "../lib/report.ts";
import type { EstateChoice } from "./session.ts";

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
        subject: `estate ${estate.name}`,
        found: `process ${String(pid)} is at work on it`,
        expected: "one at a time",
        next: "wait for it, then run the same command again",
      });
    },
  });
}

/** `npm run up`, with what was chosen. */
export function commandLine(command: string, { stack, estate }: EstateChoice): string {
  const options = [
    ...(stack === "office" ? [] : ["--stack", stack]),
    ...(estate === undefined ? [] : ["--estate", estate]),
  ];
  const prefix =
    estate === undefined && process.env.GARRISON_ESTATE ? `GARRISON_ESTATE=${process.env.GARRISON_ESTATE} ` : "";
  return `${prefix}npm run ${command}${options.length === 0 ? "" : ` -- ${options.join(" ")}`}`;
}
