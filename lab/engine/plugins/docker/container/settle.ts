/** Waits until a started container is as the program wants it: running, healthy, or ended. */
import { setTimeout as sleep } from "node:timers/promises";
import type Dockerode from "dockerode";
import type { Context } from "#provider/definition.ts";
import { InitFailed } from "#provider/errors.ts";
import type { Daemon } from "../connection/daemon.ts";
import { statusOf } from "../connection/failures.ts";
import type { ContainerInputs } from "../inputs.ts";
import { isRunning, shouldRun } from "./drift.ts";
import { containerOutputs } from "./outputs.ts";

const pollMilliseconds = 250;
const reportMilliseconds = 2000;
const defaultWaitSeconds = 60;
const defaultRunMilliseconds = 15_000;

type Inspected = Dockerode.ContainerInspectInfo;

/** Returns the container's last state; throws InitFailed, keeping its id, when it does not get there. */
export async function settle(
  container: Dockerode.Container,
  inputs: ContainerInputs,
  context: Context<Daemon>,
): Promise<Inspected> {
  if (inputs.attach === true && inputs.start !== false) await container.wait();
  const started = Date.now();
  let reported = started;
  for (;;) {
    const found = await inspect(container, inputs);
    const problem = await unsettled(container, found, inputs, Date.now() - started);
    if (problem === "settled") return found;
    if (problem !== "waiting") throw new InitFailed(container.id, containerOutputs(found, inputs), problem);
    if (context.signal.aborted) {
      const why = `${(context.signal.reason as Error).message} while waiting for ${inputs.name}: ${stateText(found)}`;
      throw new InitFailed(container.id, containerOutputs(found, inputs), why);
    }
    if (Date.now() - reported > reportMilliseconds) {
      reported = Date.now();
      const seconds = Math.round((reported - started) / 1000);
      context.log(`waiting for health: ${stateText(found)} (${seconds} s)`, { transient: true });
    }
    await sleep(pollMilliseconds, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

async function inspect(container: Dockerode.Container, inputs: ContainerInputs): Promise<Inspected> {
  try {
    return await container.inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw new Error(
      `container ${inputs.name} is gone right after its start` +
        (inputs.rm === true ? "; it ended, and rm removed it" : "; somebody removed it"),
      { cause: error },
    );
  }
}

/** "settled", "waiting", or what went wrong. */
async function unsettled(
  container: Dockerode.Container,
  found: Inspected,
  inputs: ContainerInputs,
  elapsed: number,
): Promise<string> {
  if (!shouldRun(inputs)) return "settled";
  if (!isRunning(found)) {
    const patience = inputs.wait === true ? waitMilliseconds(inputs) : runMilliseconds(inputs);
    if (found.State.Restarting && elapsed < patience) return "waiting";
    return `container ${inputs.name} does not run: ${stateText(found)}${await lastWords(container)}`;
  }
  if (inputs.wait !== true) return "settled";
  const health = found.State.Health;
  if (!health) return `wait is set, but neither container ${inputs.name} nor its image has a health check`;
  if (health.Status === "healthy") return "settled";
  if (elapsed < waitMilliseconds(inputs)) return "waiting";
  const probe = health.Log.at(-1);
  const answer = probe ? `; its last probe ended with ${probe.ExitCode}: ${probe.Output.trim().slice(0, 300)}` : "";
  return `container ${inputs.name} is not healthy after ${waitMilliseconds(inputs) / 1000} s (${health.Status})${answer}`;
}

function waitMilliseconds({ waitTimeout }: ContainerInputs): number {
  return (waitTimeout ?? defaultWaitSeconds) * 1000;
}

function runMilliseconds({ containerReadRefreshTimeoutMilliseconds: given }: ContainerInputs): number {
  return given ?? defaultRunMilliseconds;
}

function stateText({ State: state }: Inspected): string {
  if (isRunning({ State: state } as Inspected)) return state.Health?.Status ?? "running";
  const complaint = state.Error === "" ? "" : ` (${state.Error})`;
  return `${state.Status}, exit code ${state.ExitCode}${state.OOMKilled ? ", out of memory" : ""}${complaint}`;
}

/** The end of the container's log: it usually says why. */
async function lastWords(container: Dockerode.Container): Promise<string> {
  const text = await logs(container, 20).catch(() => "");
  return text.trim() === "" ? "" : `; it said: ${text.trim().slice(-800)}`;
}

export async function logs(container: Dockerode.Container, tail?: number): Promise<string> {
  const raw = await container.logs({ stdout: true, stderr: true, ...(tail === undefined ? {} : { tail }) });
  const { Config: config } = await container.inspect();
  return config.Tty ? raw.toString() : demultiplexed(raw);
}

/** Without a terminal Docker puts eight bytes before each piece: stream, three zeros, length. */
export function demultiplexed(raw: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const end = at + 8 + raw.readUInt32BE(at + 4);
    pieces.push(raw.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString();
}
