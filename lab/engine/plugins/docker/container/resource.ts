/** docker.Container on a real daemon. */
import { setTimeout as sleep } from "node:timers/promises";
import { fillDefaults } from "@garrison/helpers/pulumi/docker-defaults.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import type { Context, ResourceDefinition } from "#provider/definition.ts";
import { EngineGone, InitFailed } from "#provider/errors.ts";
import type { Daemon } from "../connection/daemon.ts";
import { ifExists, messageOf, speaking, statusOf } from "../connection/failures.ts";
import { describeContainer, explainPort, isLeftover } from "../holders.ts";
import { ensureImage } from "../images.ts";
import { labelMap, type ContainerInputs } from "../inputs.ts";
import { apiNeeds, checkContainer } from "./check.ts";
import { inputsAsFound } from "./drift.ts";
import { limitsUpdate } from "./limits.ts";
import { DEFAULT_BRIDGE } from "./networks.ts";
import { containerOutputs } from "./outputs.ts";
import { logs, settle } from "./settle.ts";
import { containerSpec, type ContainerSpec } from "./spec.ts";
import { upload } from "./uploads.ts";

type DockerContext = Context<Daemon>;

export const container: ResourceDefinition<Daemon, ContainerInputs> = {
  nameProperty: "name",
  sets: [
    "envs",
    "labels",
    "networksAdvanced",
    "securityOpts",
    "hosts",
    "groupAdds",
    "mounts",
    "volumes",
    "ulimits",
    "dns",
    "dnsOpts",
    "dnsSearches",
    "devices",
    "ports",
    "uploads",
  ],
  readBack: ["healthcheck", "init", "tmpfs"],
  unsupported: {
    deviceRequests: "the lab has no devices to hand out",
    gpus: "the lab has no GPUs",
  },
  check(inputs) {
    fillDefaults(inputs);
    return checkContainer(inputs);
  },
  deleteBeforeReplace: () => true,
  previewCreate: (inputs) => ({ name: inputs.name, bridge: "" }),

  async create(inputs, context) {
    const daemon = context.settings;
    return speaking(daemon, `creating container ${inputs.name}`, async () => {
      await daemon.requireApi(apiNeeds(inputs));
      const docker = await daemon.client();
      await ensureImage(daemon, inputs.image, inputs.platform, context);
      const made = await createUnstarted(docker, inputs, context);
      await keptOnFailure(made, inputs, context, () => prepareAndStart(docker, made, inputs, context));
      return { id: made.id, outputs: await settled(made, inputs, context) };
    });
  },

  async read(id, old, context) {
    return speaking(context.settings, `reading container ${id.slice(0, 12)}`, async () => {
      const docker = await context.settings.client();
      const found = await ifExists(docker.getContainer(id).inspect());
      if (!found) return undefined;
      const imported = Object.keys(old.inputs).length === 0;
      const inputs = imported
        ? { name: found.Name.slice(1), image: found.Config.Image }
        : inputsAsFound(old.inputs, found);
      return { id: found.Id, inputs: { ...inputs }, outputs: containerOutputs(found, inputs) };
    });
  },

  /**
   * Changes limits, and starts a container that a refresh found stopped. Everything else is recorded as if it had been
   * done; nobody looks whether the container runs.
   */
  async update(id, { oldInputs, inputs }, context) {
    return speaking(context.settings, `updating container ${inputs.name}`, async () => {
      const docker = await context.settings.client();
      const living = docker.getContainer(id);
      const starts = oldInputs.mustRun === false && inputs.mustRun !== false && inputs.start !== false;
      if (starts) await run(living, docker);
      const changed = limitsUpdate(oldInputs, inputs);
      if (changed) await living.update(changed);
      return starts ? settled(living, inputs, context) : {};
    });
  },

  async delete(id, { outputs }, context) {
    await speaking(context.settings, `removing container ${id.slice(0, 12)}`, async () => {
      const living = (await context.settings.client()).getContainer(id);
      const grace = outputs.destroyGraceSeconds;
      if (typeof grace === "number" && grace > 0) await stop(living, grace);
      await removeCompletely(living, outputs.removeVolumes !== false);
    });
  },
};

async function createUnstarted(docker: Dockerode, inputs: ContainerInputs, context: DockerContext) {
  const { body } = containerSpec(inputs);
  try {
    return await docker.createContainer(body);
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    await clearName(docker, inputs, context);
    return docker.createContainer(body);
  }
}

/** Makes room where a killed run of our own left something; else says who has the name. */
async function clearName(docker: Dockerode, inputs: ContainerInputs, context: DockerContext): Promise<void> {
  const holder = docker.getContainer(inputs.name);
  const found = await ifExists(holder.inspect());
  if (!found) return;
  if (!isLeftover(labelMap(inputs.labels), found.Config.Labels)) {
    throw new Error(
      `the name ${inputs.name} is in use by ${describeContainer(found)}. ` +
        `Remove it with: docker rm -f ${inputs.name}; or give this one another name`,
    );
  }
  context.log(`replacing ${describeContainer(found)}: an interrupted run left it behind`, { severity: "warning" });
  await removeCompletely(holder, false);
}

async function prepareAndStart(
  docker: Dockerode,
  made: Dockerode.Container,
  inputs: ContainerInputs,
  context: DockerContext,
): Promise<void> {
  const { joins }: ContainerSpec = containerSpec(inputs);
  if (joins.length > 0) await leaveBridge(docker, made);
  for (const { name, endpoint } of joins) {
    context.signal.throwIfAborted();
    await docker.getNetwork(name).connect({ Container: made.id, EndpointConfig: endpoint });
  }
  await upload(made, inputs.uploads ?? []);
  context.signal.throwIfAborted();
  if (inputs.start === false) return;
  try {
    await made.start();
  } catch (error) {
    throw await explainPort(docker, error);
  }
}

async function leaveBridge(docker: Dockerode, made: Dockerode.Container): Promise<void> {
  try {
    await docker.getNetwork(DEFAULT_BRIDGE).disconnect({ Container: made.id });
  } catch (error) {
    if (!messageOf(error).includes("is not connected to the network bridge")) throw error;
  }
}

/**
 * What was created stays, with its id in the state, however far it came: the next `up` says that it was updated, and does
 * nothing for it; a refresh finds it stopped. With nobody left to record it, it is removed.
 */
async function keptOnFailure(
  made: Dockerode.Container,
  inputs: ContainerInputs,
  context: DockerContext,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (context.signal.reason instanceof EngineGone) {
      await removeCompletely(made, true);
      throw error;
    }
    const next = "it was created, and stays as it is until: pulumi up --refresh";
    throw new InitFailed(
      made.id,
      { ...inputs },
      `Unable to start container ${inputs.name}: ${messageOf(error)}; ${next}`,
    );
  }
}

/** The outputs once the container is as wanted. With nobody left to record a half-made container, it is removed. */
async function settled(
  living: Dockerode.Container,
  inputs: ContainerInputs,
  context: DockerContext,
): Promise<Properties> {
  try {
    const found = await settle(living, inputs, context);
    const containerLogs = inputs.logs === true ? await logs(living) : "";
    return { ...containerOutputs(found, inputs), containerLogs };
  } catch (error) {
    const orphaned = context.signal.reason instanceof EngineGone;
    if (error instanceof InitFailed && orphaned) await removeCompletely(living, true);
    throw error;
  }
}

async function run(living: Dockerode.Container, docker: Dockerode): Promise<void> {
  if ((await living.inspect()).State.Paused) {
    await living.unpause();
    return;
  }
  try {
    await living.start();
  } catch (error) {
    if (statusOf(error) !== 304) throw await explainPort(docker, error);
  }
}

async function stop(living: Dockerode.Container, graceSeconds: number): Promise<void> {
  try {
    await ifExists(living.stop({ t: graceSeconds }));
  } catch (error) {
    if (statusOf(error) !== 304) throw error; // 304: it was not running
  }
}

/** Another removal may be under way already (409); gone is gone whoever did it. */
async function removeCompletely(living: Dockerode.Container, volumes: boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await ifExists(living.remove({ force: true, v: volumes }));
      return;
    } catch (error) {
      if (statusOf(error) !== 409 || attempt >= 50) throw error;
      await sleep(200);
    }
  }
}
