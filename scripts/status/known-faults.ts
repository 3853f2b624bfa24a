import type Docker from "dockerode";
import type { Problem } from "#components/lib/problems.ts";
import type { ServiceSpec } from "#components/services/service.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";

/** More than what a program says when it ends; a restarted one has the end of the one before in it. */
const LINES = 40;

type Judged = Pick<ServiceSpec, "name" | "faults">;

/**
 * What keeps containers from being healthy, where their kind knows it by what their log says. Nothing of those that are
 * healthy, and nothing where the daemon does not answer: whoever asks has something else to tell then.
 *
 * @param again the command that completes the deployment
 */
export async function knownFaults(
  { services }: { readonly services: readonly Judged[] },
  { docker, estate, again }: { readonly docker: Docker; readonly estate: string; readonly again: string },
): Promise<Problem[]> {
  const judged = services.filter(({ faults = [] }) => faults.length > 0);
  const found = await Promise.all(
    judged.map(async (service) => {
      const said = await lastLines(docker.getContainer(`${estate}-${service.name}`)).catch(() => "");
      return faultOf(service, said, again);
    }),
  );
  return found.filter((problem) => problem !== undefined);
}

/** The same failure with what is known of the containers' own trouble before it. */
export async function withCauses(error: unknown, ask: () => Promise<readonly Problem[]>): Promise<unknown> {
  if (!(error instanceof ProblemReport)) return error;
  const causes = await ask();
  return causes.length === 0 ? error : new ProblemReport(error.message, [...causes, ...error.problems]);
}

/** The fault that a service's kind knows by these lines; the last one counts. */
export function faultOf({ name, faults = [] }: Judged, said: string, again: string): Problem | undefined {
  for (const line of said.split("\n").reverse()) {
    for (const { says, cause, first } of faults) {
      const match = says.exec(line);
      if (match === null) continue;
      return { property: name, found: cause, expected: "a healthy container", fix: `${first(match)}, then ${again}` };
    }
  }
  return undefined;
}

async function lastLines(container: Docker.Container): Promise<string> {
  const { State: state } = await container.inspect();
  if (state.Running && state.Health?.Status === "healthy") return "";
  // Docker puts eight bytes before each piece, which no fault is about.
  return (await container.logs({ stdout: true, stderr: true, tail: LINES })).toString();
}
