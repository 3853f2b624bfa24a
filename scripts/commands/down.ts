import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Command } from "commander";
import Docker from "dockerode";
import { filesRoot } from "#components/files/plan-files.ts";
import { tableOf } from "#components/firewall/render-rules.ts";
import { journalsOf } from "#components/host/estate-part.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Estate } from "#lab/estate/estate.ts";
import { removeInternet } from "#lab/internet/ensure.ts";
import { ensureDocker } from "../docker/ensure.ts";
import { abandon } from "../engine/abandon.ts";
import { estateCgroups } from "../engine/cgroups.ts";
import { aloneOn, commandLine, withEstateOptions } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { hasFirewall } from "../engine/firewall.ts";
import { removeHostLeftovers } from "../engine/host-leftovers.ts";
import { keptSecrets } from "../engine/kept-secrets.ts";
import { leftBehind } from "../engine/left-behind.ts";
import { labelledObjects, removeObjects } from "../engine/orphans.ts";
import { recover } from "../engine/recover.ts";
import { runEngine } from "../engine/run.ts";
import { chosenEstate, chosenName, isLost, openSession } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";
import { readState } from "../engine/state.ts";

interface DownOptions extends EstateChoice {
  readonly volumes?: true;
}

/** `npm run down`: removes exactly what `up` made, and looks whether anything is left. */
export function register(program: Command): void {
  withEstateOptions(program.command("down"))
    .description("remove what `up` made; data volumes, secrets and the estate's identity stay")
    .option("--volumes", "remove the data volumes and the secrets too, and the estate with its passphrase and state")
    .action(async (options: DownOptions) => {
      process.exitCode = await down(options);
    });
}

async function down(choice: DownOptions): Promise<number> {
  const chosen = await chosenEstate(choice);
  if (chosen === undefined) {
    console.error(`There is no estate ${chosenName(choice)} on this host: nothing to remove.`);
    return 0;
  }
  await ensureDocker();
  const again = commandLine("down", choice, ...(choice.volumes === true ? ["--volumes"] : []));
  const docker = new Docker();
  await aloneOn(chosen, async () => {
    // Whether the state is lost is known only while nobody writes it.
    const lost = choice.volumes === true && (await isLost(chosen));
    const session = lost ? undefined : await openSession(choice);
    const estate = session?.estate ?? chosen;
    if (session === undefined) await abandon(estate.id, docker, say);
    else await destroy(session, choice, docker, again);
    if (choice.volumes === true) await removeVolumes(estate, docker);
    await removeInternet({ estate, directory: estate.files.directory });
    const running = (await labelledObjects(docker, estate.id)).some(({ kind }) => kind === "container");
    // While there is a container, its files and rules stay.
    if (!running) await removeHostLeftovers(estate.id, say);
    await conclude(estate, docker, again);
  });
  if (choice.volumes === true) await rm(chosen.files.directory, { recursive: true, force: true });
  return 0;
}

/** What the state knows of, by the engine; without `--volumes` the secrets stay that the data was begun with. */
async function destroy(session: Session, choice: DownOptions, docker: Docker, again: string): Promise<void> {
  const { estate } = session;
  await recover(session, docker, again);
  const state = await readState(estate.files, estate.stack);
  if (state.resources.length === 0) return;
  const excluded = choice.volumes === true ? [] : keptSecrets(state).flatMap((urn) => ["--exclude", urn]);
  const label = `Removing ${estate.stack}`;
  await runEngine(session, ["destroy", "--yes", "--refresh", ...excluded], { label, again });
}

function say(line: string): void {
  console.error(`  ${line}`);
}

async function removeVolumes(estate: Estate, docker: Docker): Promise<void> {
  const volumes = (await labelledObjects(docker, estate.id)).filter(({ kind }) => kind === "volume");
  await removeObjects(docker, volumes);
}

/** Looks by label and in the cgroup tree; what should be gone and is not is a failure. */
async function conclude(estate: Estate, docker: Docker, again: string): Promise<void> {
  const left = await labelledObjects(docker, estate.id);
  const kept = left.filter(({ kind }) => kind === "volume");
  const unwanted = left.filter(({ kind }) => kind !== "volume");
  const cgroups = await estateCgroups(estate.id);
  const files = [filesRoot(estate.id), journalsOf(estate.id)].filter((path) => existsSync(path));
  const tables = (await hasFirewall(estate.id)) ? [tableOf(estate.id)] : [];
  const problems = leftBehind({ objects: unwanted, cgroups, files, tables }, again);
  if (problems.length > 0) throw new ProblemReport("Something of the estate is left", problems);
  console.error("  Nothing of it is left: no container, no network, no cgroup, no file, no rule.");
  if (kept.length > 0) {
    console.error(
      `  Kept: ${String(kept.length)} data volumes (docker volume ls --filter label=garrison.estate=${estate.id});`,
    );
    console.error("  and the secrets with which the data was begun. npm run down -- --volumes removes both.");
  }
}
