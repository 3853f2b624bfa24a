import type { Command } from "commander";
import { pingDocker } from "#helpers/docker/ping.ts";
import { printFailure, problem, ProblemReport } from "#helpers/terminal/report.ts";
import { commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { handOver } from "../engine/hand-over.ts";
import { openSession } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";
import { reportFor, today } from "../report/choice.ts";
import { inTerminalWhole } from "../report/show/terminal.ts";

interface PreviewOptions extends EstateChoice {
  readonly json?: true;
  readonly diff?: true;
  readonly base?: string;
}

/** `npm run preview`: what `up` would do, judged by the policies. Needs neither root nor a Docker daemon. */
export function register(program: Command): void {
  withEstateOptions(program.command("preview"))
    .description("what `up` would change, judged by the policies; needs no Docker daemon and no root")
    .option("--json", "print the engine's JSON")
    .option("--diff", "show every property")
    .option("--base <ref>", "then what this checkout changes against a commit, by its committed settings")
    .action(async (options: PreviewOptions) => {
      process.exitCode = await preview(options);
    });
}

async function preview(choice: PreviewOptions): Promise<number> {
  refuseTogether(choice);
  const session = await openSession(choice);
  await refuseWithoutDaemon(session, choice);
  const flags = [...(choice.json === true ? ["--json"] : []), ...(choice.diff === true ? ["--diff"] : [])];
  const code = await handOver(session, ["preview", ...flags]);
  return choice.base === undefined ? code : Math.max(code, await report(choice.stack, choice.base));
}

/** What `npm run report` says, as the last word. */
async function report(stack: string, base: string): Promise<number> {
  try {
    console.log(`\n${inTerminalWhole(await reportFor({ stack, base, asOf: today() }))}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ProblemReport)) throw error;
    printFailure(error);
    return 2;
  }
}

function refuseTogether({ json, base }: PreviewOptions): void {
  if (json !== true || base === undefined) return;
  throw problem("npm run preview was asked for two things at once", {
    property: "--json and --base",
    found: "both",
    expected: "one of them",
    fix: `npm run report -- --base ${base} --json`,
  });
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
