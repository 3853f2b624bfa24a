import { rm } from "node:fs/promises";
import type { MachineRole } from "#stacks/machines.ts";
import { problem } from "#helpers/terminal/report.ts";
import { estateFiles } from "#lab/estate/paths.ts";
import type { LabDaemon } from "#lab/estate/prepare.ts";
import { ensureRegistry } from "#lab/images/registry.ts";
import { ensureDocker } from "../docker/ensure.ts";
import { aloneOn } from "../engine/choice.ts";
import type { EstateChoice } from "../engine/choice.ts";
import { deploy } from "../engine/deploy.ts";
import { buildLabImages } from "../engine/lab-images.ts";
import { recover } from "../engine/recover.ts";
import { runEngine, summary } from "../engine/run.ts";
import { chosenEstate, openSession } from "../engine/session.ts";
import type { Session } from "../engine/session.ts";
import { readState } from "../engine/state.ts";
import { machineOf } from "../status/machines.ts";

/** The rehearsal's own estate, beside the one that `npm run up` makes on this host's Docker. */
function rehearsalOf(role: MachineRole): EstateChoice {
  return { stack: role, estate: `lab-${role}` };
}

/** Deploys the stack with the real engine to where `target` says. @returns what changed, for a person to read */
export async function deployTo(role: MachineRole, target: LabDaemon): Promise<string> {
  const again = `npm run lab -- deploy ${role}`;
  const session = await openSession(rehearsalOf(role), target);
  return aloneOn(session.estate, async () => {
    await provideImages(session, role);
    await recover(session, undefined, again);
    const report = await deploy(session, undefined, again);
    for (const warning of report.warnings) console.error(`  warning: ${warning}`);
    return summary(report.changes);
  });
}

/** Takes down what was deployed. A bare machine stays, with its configuration and the data volumes. */
export async function destroyOn(role: MachineRole, target: LabDaemon): Promise<void> {
  const again = `npm run lab -- destroy ${role}`;
  const session = await openSession(rehearsalOf(role), target);
  await aloneOn(session.estate, async () => {
    await recover(session, undefined, again);
    if ((await readState(session.estate.files, role)).resources.length === 0) return;
    await runEngine(session, ["destroy", "--yes", "--refresh"], { label: `Removing ${role}`, again });
  });
}

/** @throws {ProblemReport} where the stack was not deployed to the lab's machines */
export async function requireRehearsal(role: MachineRole): Promise<void> {
  if ((await chosenEstate(rehearsalOf(role))) !== undefined) return;
  throw problem("Nothing is deployed there", {
    property: role,
    found: "no rehearsal of this stack",
    expected: `one that was begun by npm run lab -- deploy ${role}`,
    fix: "npm run lab -- status",
  });
}

/** A machine that is gone takes with it what was deployed to it: there is nothing left that its state describes. */
export async function forgetRehearsal(role: MachineRole): Promise<void> {
  const { estate = role } = rehearsalOf(role);
  await rm(estateFiles(estate, role).directory, { recursive: true, force: true });
}

/** The machine reaches this host's registry under the address that the host has for it. */
async function provideImages({ estate }: Session, role: MachineRole): Promise<void> {
  const services = machineOf(role)?.services ?? [];
  if (services.length === 0) return;
  await ensureDocker();
  await buildLabImages(estate, services);
  await ensureRegistry();
}
