import type { Command } from "commander";
import Docker from "dockerode";
import { runtimesOf } from "#components/container/posture.ts";
import { MACHINES } from "#stacks/machines.ts";
import { pingDocker } from "#helpers/docker/ping.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { problem } from "#helpers/terminal/report.ts";
import { ensureInternet } from "#lab/internet/ensure.ts";
import { ensureDocker } from "../docker/ensure.ts";
import { ensureGvisor } from "../docker/gvisor.ts";
import { ensureNft } from "../docker/nft.ts";
import { announce } from "../engine/announce.ts";
import { aloneOn, commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { deploy } from "../engine/deploy.ts";
import { restoreFirewall } from "../engine/firewall.ts";
import { refillFiles } from "../engine/host-files.ts";
import { buildLabImages } from "../engine/lab-images.ts";
import { repairPidLimits } from "../engine/pid-limits.ts";
import { recover } from "../engine/recover.ts";
import { summary } from "../engine/run.ts";
import { chosenEstate, openSession, rescue } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";
import { readState } from "../engine/state.ts";
import { describeStranger, disconnectCommand, findStrangers } from "../engine/strangers.ts";
import { collectContainers } from "../status/collect.ts";
import { knownFaults, withCauses } from "../status/known-faults.ts";
import { machineOf } from "../status/machines.ts";
import { untilSettled } from "../status/settle.ts";
import { showStatus } from "../status/show.ts";

interface UpOptions extends EstateChoice {
  readonly json?: true;
}

/** `npm run up`: the whole machine on this host's Docker, from nothing or from whatever an earlier run left. */
export function register(program: Command): void {
  withEstateOptions(program.command("up"))
    .description("deploy a machine of the estate on this host's Docker, in lab mode")
    .option("--json", "print the result as JSON instead of a table")
    .action(async (options: UpOptions) => {
      process.exitCode = await up(options);
    });
}

async function up(choice: UpOptions): Promise<number> {
  const definition = machineOf(choice.stack);
  if (definition?.role !== "office") throw madeElsewhere(choice.stack);
  await announce(choice);
  await ensureNft();
  await restoreBeforeDocker(choice);
  const { version: found } = await pingDocker();
  await ensureDocker();
  const docker = new Docker();
  const again = commandLine("up", choice);
  if (runtimesOf(definition.services).length > 0) await ensureGvisor(docker, found === undefined, again);
  const session = await openSession(choice);
  return aloneOn(session.estate, async () => {
    await bringInternet(session);
    await buildLabImages(session.estate, definition.services, docker);
    await recover(session, docker, again);
    await refillFiles(session, again);
    const causes = () => knownFaults(definition, { docker, estate: session.estate.id, again });
    const report = await deploy(session, docker, again).catch(async (error: unknown) => {
      throw await withCauses(error, causes);
    });
    for (const warning of report.warnings) console.error(`  warning: ${warning}`);
    await lookBeyondTheEngine(session, docker, again);
    await untilSettled(() => collectContainers(docker, session.estate.id));
    return showStatus(session.estate, definition, docker, {
      json: choice.json === true,
      changes: summary(report.changes),
    });
  });
}

/**
 * What a reboot, or a hand, took from the host: in place again before a daemon that is started here brings containers
 * back. Where there is systemd, units of its own do it.
 */
async function restoreBeforeDocker(choice: UpOptions): Promise<void> {
  const estate = await chosenEstate(choice);
  if (estate === undefined) return;
  await rescue(estate);
  const state = await readState(estate.files, estate.stack);
  if (await restoreFirewall(state, commandLine("up", choice))) console.error("  Loaded the host's rules again");
}

/** What the engine does not see: limits that its provider has no argument for, and guests on the estate's networks. */
async function lookBeyondTheEngine({ estate }: Session, docker: Docker, again: string): Promise<void> {
  for (const { subject, found, wanted } of await repairPidLimits(
    await readState(estate.files, estate.stack),
    docker,
    again,
  )) {
    console.error(`  Set the PID limit of ${subject} back from ${found} to ${wanted}`);
  }
  for (const stranger of await findStrangers(docker, estate.id)) {
    console.error(`  warning: ${describeStranger(stranger)}; type: ${disconnectCommand(stranger)}`);
  }
}

/** Before any container: what it may reach has to be there to be reached. */
function bringInternet({ estate }: Session) {
  return withProgress("Lab internet", (progress) =>
    ensureInternet({
      estate,
      directory: estate.files.directory,
      say: (message) => {
        progress.update(message);
      },
    }),
  );
}

/** The other stacks make their machine themselves: their containers are not this host's. */
function madeElsewhere(stack: string): Error {
  const known = MACHINES.some((role) => role === stack);
  return problem("This stack does not run on this host's Docker", {
    property: "--stack",
    found: stack,
    expected: known ? "office; this one makes its own machine" : "office",
    fix: known ? `npm run lab -- deploy ${stack}` : "npm run up -- --stack office",
  });
}
