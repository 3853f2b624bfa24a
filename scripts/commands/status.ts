import type { Command } from "commander";
import Docker from "dockerode";
import { pingDocker } from "#helpers/docker/ping.ts";
import { problem } from "#helpers/terminal/report.ts";
import { commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { chosenEstate, chosenName } from "../engine/session.ts";
import { machineOf } from "../status/machines.ts";
import { showStatus } from "../status/show.ts";

interface StatusOptions extends EstateChoice {
  readonly json?: true;
}

/** `npm run status`: how the containers are doing now; exit code 1 when one is not well. */
export function register(program: Command): void {
  withEstateOptions(program.command("status"))
    .description("how the estate's containers are doing; exit code 1 when one is missing or unwell")
    .option("--json", "print JSON instead of a table")
    .action(async (options: StatusOptions) => {
      process.exitCode = await status(options);
    });
}

/** Only the office machine is this host's; the others make their own. */
function wayToDeploy(choice: EstateChoice, known: boolean): string {
  if (known && choice.stack !== "office") return `npm run lab -- deploy ${choice.stack}`;
  return commandLine("up", { ...choice, stack: "office" });
}

async function status(choice: StatusOptions): Promise<number> {
  const definition = machineOf(choice.stack);
  const estate = await chosenEstate(choice);
  if (estate === undefined || definition === undefined) {
    throw problem("Nothing is deployed", {
      property: `estate ${chosenName(choice)}`,
      found: "no such estate on this host",
      expected: "an estate that was deployed",
      fix: wayToDeploy(choice, definition !== undefined),
    });
  }
  const answer = await pingDocker();
  if (answer.version === undefined) {
    throw problem("No Docker daemon answers", {
      property: answer.address,
      found: answer.reason ?? "no answer",
      expected: "the daemon that runs the estate",
      fix: `${commandLine("up", choice)} (starts it where it may); npm run doctor tells more`,
    });
  }
  return showStatus(estate, definition, new Docker(), { json: choice.json === true });
}
