import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { prepareScript } from "../components/container/host-scripts.ts";
import { parseImageLock } from "../components/container/image-lock.ts";
import { agentSeccomp } from "../components/container/seccomp/agent-profile.ts";
import { filesScript } from "../components/files/files-script.ts";
import { fillFiles } from "../components/files/host-files.ts";
import type { MachineDefinition } from "../components/machine/machine-definition.ts";
import { planMachine } from "../components/machine/plan-machine.ts";
import type { MachinePlan } from "../components/machine/plan-machine.ts";
import { parseSettings } from "../stacks/settings.ts";
import type { Estate } from "../lab/estate/estate.ts";
import { labSettings } from "../lab/estate/prepare.ts";
import type { LabDaemon } from "../lab/estate/prepare.ts";
import { labelledObjects, removeObjects } from "../scripts/engine/orphans.ts";
import { problem } from "../helpers/terminal/report.ts";
import type { Timed } from "./measure.ts";
import { composeText, renderCompose, SECCOMP_FILE } from "./render-compose.ts";

/** The machine as Docker Compose deploys it, under an estate and addresses of its own. */
export interface ComposeMachine {
  readonly estate: Estate;
  readonly plan: MachinePlan;
  /** `docker compose <args>` for this machine, to be measured. */
  command(args: readonly string[]): Timed;
}

interface ComposeMachineOptions {
  readonly compose: string;
  readonly estate: Estate;
  readonly definition: MachineDefinition;
  readonly daemon: LabDaemon;
  /** The lock of the lab's images; before they are built there is none, and `config` does without. */
  readonly imagesLock: string | undefined;
  /** Where the Compose file is written. */
  readonly directory: string;
}

export async function makeComposeMachine(options: ComposeMachineOptions): Promise<ComposeMachine> {
  const { estate, definition, daemon, imagesLock, directory } = options;
  const config = Object.entries(labSettings(estate, daemon)).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  const plan = planMachine({
    definition,
    settings: parseSettings(Object.fromEntries(config), estate.stack),
    stack: estate.stack,
    images: parseImageLock(imagesLock === undefined ? { images: {} } : JSON.parse(await readFile(imagesLock, "utf8"))),
    unlocked: imagesLock === undefined ? "placeholder" : "refuse",
  });
  const project = `garrison-${estate.id}`;
  const file = join(directory, "compose.yaml");
  await writeFile(file, composeText(renderCompose(plan, project)));
  await writeFile(join(directory, SECCOMP_FILE), agentSeccomp("runsc"));
  const environment = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", DOCKER_HOST: daemon.host ?? "" };
  return {
    estate,
    plan,
    command: (args) => ({
      file: options.compose,
      args: ["--progress", "quiet", "-p", project, "-f", file, ...args],
      directory,
      environment,
    }),
  };
}

/**
 * Makes what Compose cannot: volumes that belong to their users, the cgroups of the agent containers, and the files of
 * the services, with made-up secrets.
 */
export async function prepareForCompose({ plan }: ComposeMachine, docker: Docker): Promise<void> {
  for (const { volume } of plan.volumes) await docker.createVolume({ Name: volume, Labels: { ...plan.labels } });
  await runOnHost(plan, "apply");
}

/** Removes everything of the Compose machine, also what an interrupted benchmark left. */
export async function removeComposeMachine({ plan, estate }: ComposeMachine, docker: Docker): Promise<void> {
  await removeObjects(docker, await labelledObjects(docker, estate.id));
  await runOnHost(plan, "remove");
}

async function runOnHost(plan: MachinePlan, mode: "apply" | "remove"): Promise<void> {
  const { docker, estate } = plan.settings;
  const files = fillFiles(plan.files, ({ name, slot }) => {
    return createHash("sha256").update(`${name} ${slot}`).digest("hex").slice(0, 40);
  });
  const scripts = [prepareScript(estate, docker.cgroupDriver, plan.volumes, plan.cgroups), filesScript(estate, files)];
  for (const script of scripts) await runScript(script, mode, docker.host);
}

async function runScript(script: string, mode: "apply" | "remove", host: string): Promise<void> {
  const ended = await execa("sh", ["-s", mode], {
    input: script,
    env: { DOCKER_HOST: host },
    reject: false,
    all: true,
  });
  if (ended.exitCode === 0) return;
  throw problem("The host cannot be prepared for the comparison with Docker Compose", {
    property: `prepare (${mode})`,
    found: ended.all,
    expected: "exit code 0: root, and a Docker daemon",
    fix: "npm run doctor",
  });
}
