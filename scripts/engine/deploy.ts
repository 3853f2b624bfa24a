import type Docker from "dockerode";
import { refreshState } from "./refresh.ts";
import { runEngine } from "./run.ts";
import type { RunReport } from "./run-report.ts";
import type { Session } from "./session.ts";
import { readState, stackOutputs } from "./state.ts";

/**
 * Compares program, state and daemon first: where nothing differs, that was all. The engine's own `up` would look
 * a second time.
 *
 * The refresh is a run of its own: with `--refresh` the engine also shows the policies what is about to be deleted, and
 * a service that was taken out of the program would be refused for being in none of its components any more. It is also
 * what brings a container back that was made and did not start: without it the engine calls it updated and leaves it.
 *
 * @param docker the daemon of this host; undefined where the estate is on another machine
 */
export async function deploy(session: Session, docker: Docker | undefined, again: string): Promise<RunReport> {
  const { estate } = session;
  if ((await readState(estate.files, estate.stack)).resources.length > 0) {
    const label = `Reading what runs of ${estate.stack}`;
    await refreshState(session, docker, { label, again });
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
