import type Docker from "dockerode";
import type { Estate } from "#lab/estate/estate.ts";
import { clearStaleLocks } from "./engine-lock.ts";
import { keepState } from "./kept-state.ts";
import { findOrphans, labelledObjects, removeObjects } from "./orphans.ts";
import { refreshState } from "./refresh.ts";
import type { Session } from "./session.ts";
import { dockerIds, readState } from "./state.ts";

const mostRounds = 5;

/**
 * Puts right what a killed run left behind, so that the next one finds no lock, no half-made step and no taken name.
 * Does nothing, and costs next to nothing, after a run that ended by itself.
 *
 * @param docker the daemon of this host; undefined where the estate is on another machine
 */
export async function recover(session: Session, docker: Docker | undefined, again: string): Promise<void> {
  const { estate } = session;
  await clearStaleLocks(estate, say);
  if (docker !== undefined) await removeOrphans(estate, docker);
  await keepState(estate.files, estate.stack);
  const { pending } = await readState(estate.files, estate.stack);
  if (pending.length === 0) return;
  say(`An earlier run was killed in the middle of ${String(pending.length)} steps; looking what became of them`);
  const label = "Reconciling the state with the daemon";
  await refreshState(session, docker, { label, again }, ["--clear-pending-creates"]);
}

/** Again until there is nothing: a plugin that outlived its engine for a moment may have finished one more. */
async function removeOrphans(estate: Estate, docker: Docker): Promise<void> {
  const known = dockerIds(await readState(estate.files, estate.stack));
  for (let round = 0; round < mostRounds; round += 1) {
    const orphans = findOrphans(await labelledObjects(docker, estate.id), known);
    if (orphans.length === 0) return;
    say(`Removing what a killed run made without writing it down: ${orphans.map(({ name }) => name).join(", ")}`);
    await removeObjects(docker, orphans);
  }
}

function say(line: string): void {
  console.error(`  ${line}`);
}
