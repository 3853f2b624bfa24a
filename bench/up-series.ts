import type Docker from "dockerode";
import type { Progress } from "../helpers/terminal/progress.ts";
import { labelledObjects } from "../scripts/engine/orphans.ts";
import { problem } from "../helpers/terminal/report.ts";
import { prepareForCompose } from "./compose-machine.ts";
import type { ComposeMachine } from "./compose-machine.ts";
import { emptyGarrisonMachine } from "./garrison-machine.ts";
import type { GarrisonMachine } from "./garrison-machine.ts";
import { time } from "./measure.ts";
import type { Sample, Timed } from "./measure.ts";
import { conclude } from "./series.ts";
import type { Comparison, Contestant, SeriesResult } from "./series.ts";

const contestants = [
  { name: "up", title: "first up, as `npm run up`: preview, policies, update, health" },
  { name: "again", title: "up again, as `npm run up`: refresh, preview, nothing to change" },
  { name: "againPulumi", title: "`pulumi up --refresh` again: nothing to change" },
  { name: "againPlain", title: "up again, without the policies" },
  { name: "againDeclared", title: "floor of up again: the same resources from a list" },
  { name: "refresh", title: "refresh" },
  { name: "destroy", title: "destroy" },
  { name: "composeUp", title: "`docker compose up -d --wait`" },
  { name: "composeAgain", title: "`docker compose up -d --wait` again" },
  { name: "composeDown", title: "`docker compose down`" },
] as const satisfies readonly Contestant<string>[];

type Name = (typeof contestants)[number]["name"];
type Samples = Record<Name, Sample>;

const comparisons: readonly Comparison<Name>[] = [
  { title: "up again ÷ first up", of: "again", by: "up", aim: 0.3 },
  { title: "`pulumi up --refresh` again ÷ first up", of: "againPulumi", by: "up" },
  { title: "up again, without the policies ÷ its floor", of: "againPlain", by: "againDeclared", aim: 2 },
  { title: "up again with the policies ÷ without", of: "again", by: "againPlain" },
  { title: "first up ÷ docker compose up", of: "up", by: "composeUp" },
  { title: "up again ÷ docker compose up again", of: "again", by: "composeAgain" },
  { title: "destroy ÷ docker compose down", of: "destroy", by: "composeDown" },
  { title: "docker compose: up again ÷ first up", of: "composeAgain", by: "composeUp" },
];

/** What `npm run up` hands to the engine, run after run: where nothing is deployed, and where nothing is to change. */
const firstUp = [["preview"], ["up", "--yes", "--skip-preview"]];
const upAgain = [
  ["refresh", "--yes", "--skip-preview"],
  ["preview", "--expect-no-changes"],
];
const pulumiUpAgain = ["up", "--yes", "--refresh", "--expect-no-changes"];
const composeUp = ["up", "-d", "--wait", "--wait-timeout", "600"];

/** Measures whole lives of a machine: up, up again, refresh, down; with Garrison and with Docker Compose in turn. */
export async function measureUp(
  garrison: GarrisonMachine,
  compose: ComposeMachine,
  docker: Docker,
  runs: number,
  progress: Progress,
): Promise<SeriesResult> {
  await prepareForCompose(compose, docker);
  const rounds: Samples[] = [];
  for (let round = 1; round <= runs; round += 1) {
    const at = `round ${String(round)} of ${String(runs)}`;
    const samples: Partial<Samples> = {};
    const step: Step = async (name, ...commands) => {
      progress.update(`${at}: ${name}`);
      samples[name] = await timeAll(commands);
    };
    const lives = [() => garrisonLife(garrison, docker, step), () => composeLife(compose, docker, step)];
    for (const life of round % 2 === 0 ? lives.toReversed() : lives) await life();
    rounds.push(samples as Samples);
  }
  return conclude({ title: "Up", contestants, comparisons, rounds });
}

type Step = (name: Name, ...commands: readonly Timed[]) => Promise<void>;

/** One after the other, as one sample. */
async function timeAll(commands: readonly Timed[]): Promise<Sample> {
  let [seconds, cpuSeconds] = [0, 0];
  for (const command of commands) {
    const sample = await time(command);
    seconds += sample.seconds;
    cpuSeconds += sample.cpuSeconds;
  }
  return { seconds, cpuSeconds };
}

async function garrisonLife(garrison: GarrisonMachine, docker: Docker, step: Step): Promise<void> {
  const { estate } = garrison.session;
  await emptyGarrisonMachine(garrison, docker);
  const judged = (args: readonly string[]): Timed => garrison.command("office", args, { policies: true });
  await step("up", ...firstUp.map(judged));
  await requireRunning(docker, estate.id, "up");
  await step("again", ...upAgain.map(judged));
  await step("againPulumi", judged(pulumiUpAgain));
  await step("againPlain", ...upAgain.map((args) => garrison.command("office", args)));
  await garrison.declareState();
  await step("againDeclared", ...upAgain.map((args) => garrison.command("declared", args)));
  await step("refresh", garrison.command("office", ["refresh", "--yes", "--expect-no-changes"]));
  await step("destroy", garrison.command("office", ["destroy", "--yes", "--refresh"]));
}

async function composeLife(compose: ComposeMachine, docker: Docker, step: Step): Promise<void> {
  await step("composeUp", compose.command(composeUp));
  const before = await requireRunning(docker, compose.estate.id, "docker compose up");
  await step("composeAgain", compose.command(composeUp));
  const after = await requireRunning(docker, compose.estate.id, "docker compose up again");
  if (before !== after) throw new Error("docker compose changed a container although nothing was to change");
  await step("composeDown", compose.command(["down"]));
}

/** Ids of the running containers, which have to be all healthy: both sides wait for the same thing. */
async function requireRunning(docker: Docker, estate: string, after: string): Promise<string> {
  const objects = (await labelledObjects(docker, estate)).filter(({ kind }) => kind === "container");
  const unhealthy: string[] = [];
  for (const { id, name } of objects) {
    const { State: state } = await docker.getContainer(id).inspect();
    if (state.Health?.Status !== "healthy") unhealthy.push(name);
  }
  if (objects.length > 0 && unhealthy.length === 0)
    return objects
      .map(({ id }) => id)
      .sort()
      .join();
  throw problem("A run that was to be measured left a container unhealthy", {
    property: after,
    found: objects.length === 0 ? "no container" : unhealthy.join(", "),
    expected: "every container healthy",
    fix: "docker inspect <container>, then npm run bench -- up",
  });
}
