import type Docker from "dockerode";
import { pingDocker } from "#helpers/docker/ping.ts";
import type { DockerAnswer } from "#helpers/docker/ping.ts";
import { problem } from "#helpers/terminal/report.ts";
import { doctorFor } from "./choice.ts";
import { keepState, restoreKept } from "./kept-state.ts";
import { runEngine } from "./run.ts";
import type { RunOptions } from "./run.ts";
import type { Session } from "./session.ts";
import { readState } from "./state.ts";
import type { EngineState } from "./state.ts";

/**
 * Reads what runs into the state. The official Docker provider takes any failed look at a network for a network that is
 * gone (read in kreuzwerker 4.5.0): over a connection that breaks, networks would leave the state and stay on the host.
 * So the daemon has to answer before, and a state that forgot what the daemon still has is put back as it was.
 *
 * @param docker the daemon of this host; undefined where the estate is on another machine
 */
export async function refreshState(
  session: Session,
  docker: Docker | undefined,
  options: RunOptions,
  flags: readonly string[] = [],
): Promise<void> {
  const run = () => runEngine(session, ["refresh", "--yes", "--skip-preview", ...flags], options);
  if (docker === undefined) {
    await run();
    return;
  }
  const { files, stack } = session.estate;
  requireAnswer(await pingDocker(), options.again);
  await keepState(files, stack);
  const before = await readState(files, stack);
  const failure = await run().then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const forgotten = await forgottenNetworks(before, await readState(files, stack), docker);
  if (forgotten.length > 0) await restoreKept(files, stack);
  if (failure !== undefined) throw failure;
  if (forgotten.length > 0) throw brokenConnection(forgotten, options.again);
}

/** Names of the networks that left the state although the daemon has them, or does not answer any more. */
export async function forgottenNetworks(before: EngineState, after: EngineState, docker: Docker): Promise<string[]> {
  const known = new Set(networksOf(after).map(({ id }) => id));
  const left = networksOf(before).filter(({ id }) => !known.has(id));
  if (left.length === 0) return [];
  const there = await docker.listNetworks().then(
    (networks) => new Set(networks.map(({ Id: id }) => id)),
    () => undefined,
  );
  return left.filter(({ id }) => there?.has(id) ?? true).map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
}

function networksOf({ resources }: EngineState): { urn: string; id: string }[] {
  return resources.flatMap(({ type, urn, id }) =>
    type.startsWith("docker:index/network:") && id !== undefined ? [{ urn, id }] : [],
  );
}

function requireAnswer(answer: DockerAnswer, again: string): void {
  if (answer.version !== undefined) return;
  throw problem("No Docker daemon answers", {
    property: answer.address,
    found: answer.reason ?? "no answer",
    expected: "the daemon that runs the estate, before the state is compared with it",
    fix: `${again} (starts it where it may); ${doctorFor(again)} tells more`,
  });
}

function brokenConnection(networks: readonly string[], again: string): Error {
  return problem("The connection to Docker broke while the state was read", {
    property: networks.join(", "),
    found: "called gone, and still there",
    expected: "a daemon that answers to the end; the state was put back as it was",
    fix: again,
  });
}
