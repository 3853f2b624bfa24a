import type { Command } from "commander";
import { pingDocker } from "#helpers/docker/ping.ts";
import { problem } from "#helpers/terminal/report.ts";
import { commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { handOver } from "../engine/hand-over.ts";
import { openSession } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";

interface PreviewOptions extends EstateChoice {
  readonly json?: true;
  readonly diff?: true;
}

/** `npm run preview`: what `up` would do, judged by the policies. Needs neither root nor a Docker daemon. */
export function register(program: Command): void {
  withEstateOptions(program.command("preview"))
    .description("what `up` would change, judged by the policies; needs no Docker daemon and no root")
    .option("--json", "print the engine's JSON")
    .option("--diff", "show every property")
    .action(async (options: PreviewOptions) => {
      process.exitCode = await preview(options);
    });
}

async function preview(choice: PreviewOptions): Promise<number> {
  const session = await openSession(choice);
  await refuseWithoutDaemon(session, choice);
  const flags = [...(choice.json === true ? ["--json"] : []), ...(choice.diff === true ? ["--diff"] : [])];
  return handOver(session, ["preview", ...flags]);
}

/** The lab's plugins open no connection before something is created; the official one asks a local daemon at once. */
async function refuseWithoutDaemon({ toolchain, daemon }: Session, choice: EstateChoice): Promise<void> {
  if (toolchain.kind === "lab" || daemon.host?.startsWith("unix://") !== true) return;
  const answer = await pingDocker();
  if (answer.version !== undefined) return;
  throw problem("The official Docker plugin needs a daemon to preview a local host", {
    property: answer.address,
    found: answer.reason ?? "no answer",
    expected: "a daemon that answers, or a machine behind ssh://",
    fix: `start Docker, then ${commandLine("preview", choice)}`,
  });
}
