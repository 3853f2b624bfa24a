import { runEngine } from "./run.ts";
import type { RunReport } from "./run-report.ts";
import type { Session } from "./session.ts";
import { readState, stackOutputs } from "./state.ts";

/**
 * Compares program, state and daemon first: where nothing differs, that was all. The engine's own `up` would look
 * a second time.
 *
 * The refresh is a run of its own: with `--refresh` the engine also shows the policies what is about to be deleted, and
 * a service that was taken out of the program would be refused for being in none of its components any more.
 */
export async function deploy(session: Session, again: string): Promise<RunReport> {
  const { estate } = session;
  if ((await readState(estate.files, estate.stack)).resources.length > 0) {
    const label = `Reading what runs of ${estate.stack}`;
    await runEngine(session, ["refresh", "--yes", "--skip-preview"], { label, again });
  }
  const preview = await runEngine(session, ["preview"], { label: `Comparing ${estate.stack}`, again });
  const steps = Object.values(preview.planned).reduce((sum, count) => sum + count, 0);
  // A run that was cut off at its very end has made everything but not handed out its outputs.
  const finished = "scale" in stackOutputs(await readState(estate.files, estate.stack));
  if (steps === 0 && finished) return preview;
  const report = await runEngine(session, ["up", "--yes", "--skip-preview"], {
    label: `Deploying ${estate.stack}`,
    again,
    steps,
  });
  return { ...report, warnings: [...new Set([...preview.warnings, ...report.warnings])] };
}
