import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { checkout } from "#helpers/files/directories.ts";
import { nextSettings } from "#lab/estate/prepare.ts";
import { handMadeSettings } from "#lab/estate/settings.ts";
import { handOver } from "../engine/hand-over.ts";
import { openSession } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";

/** `npm run pulumi -- <anything>`: the same command line in the same environment, on the same estate. */
export function register(program: Command): void {
  program
    .command("pulumi")
    .description("run any Pulumi command in the estate's environment: npm run pulumi -- <anything>")
    .argument("[anything...]", "handed to Pulumi as it stands; -s <stack> also chooses the estate")
    .allowUnknownOption()
    .helpOption(false)
    .action(async () => {
      // Commander would sort the options; what was typed is what Pulumi gets.
      const args = process.argv.slice(process.argv.indexOf("pulumi") + 1);
      const session = await openSession({ stack: stackOf(args) });
      process.exitCode = await handOver(session, args);
      if (args.includes("config")) await warnOfLostSettings(session);
    });
}

/** The stack that the arguments name. */
export function stackOf(args: readonly string[]): string {
  const index = args.findIndex((arg) => arg === "-s" || arg === "--stack");
  const joined = args.find((arg) => arg.startsWith("--stack="));
  return (index >= 0 ? args[index + 1] : joined?.slice("--stack=".length)) ?? "office";
}

async function warnOfLostSettings({ estate, daemon }: Session): Promise<void> {
  const copy = await readFile(estate.files.settings, "utf8");
  for (const name of handMadeSettings(copy, await nextSettings(estate, checkout, daemon))) {
    console.error(
      `  The next run takes ${name} from Pulumi.${estate.stack}.yaml or from the lab again: ` +
        `to keep a setting, write it into Pulumi.${estate.stack}.yaml. Secrets are kept.`,
    );
  }
}
