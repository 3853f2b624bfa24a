/** docker.Volume on a real daemon. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import type { ResourceDefinition } from "#provider/definition.ts";
import { isDefault } from "#provider/resource-rpcs.ts";
import type { Daemon } from "./connection/daemon.ts";
import { ifExists, speaking, statusOf } from "./connection/failures.ts";
import { isLeftover } from "./holders.ts";
import { defined, labelMap, type VolumeInputs } from "./inputs.ts";

export const volume: ResourceDefinition<Daemon, VolumeInputs> = {
  nameProperty: "name",
  sets: ["labels"],
  unsupported: { cluster: "cluster volumes need a swarm" },
  deleteBeforeReplace: (old, inputs) => !isDefault(inputs, "name"),

  async create(inputs, context) {
    return speaking(context.settings, `creating volume ${inputs.name}`, async () => {
      const docker = await context.settings.client();
      await refuseForeign(docker, inputs);
      await docker.createVolume(volumeSpec(inputs));
      const found = await docker.getVolume(inputs.name).inspect();
      return { id: inputs.name, outputs: volumeOutputs(found) };
    });
  },

  async read(id, old, context) {
    return speaking(context.settings, `reading volume ${id}`, async () => {
      const found = await ifExists((await context.settings.client()).getVolume(id).inspect());
      if (!found) return undefined;
      const imported = Object.keys(old.inputs).length === 0;
      return { inputs: imported ? { name: found.Name } : { ...old.inputs }, outputs: volumeOutputs(found) };
    });
  },

  async delete(id, _old, context) {
    await speaking(context.settings, `removing volume ${id}`, async () => {
      const docker = await context.settings.client();
      for (let attempt = 0; ; attempt++) {
        try {
          await ifExists(docker.getVolume(id).remove());
          return;
        } catch (error) {
          if (statusOf(error) !== 409) throw error;
          if (attempt >= 20 || context.signal.aborted) throw await explainUse(docker, id, error);
          await sleep(250);
        }
      }
    });
  },
};

function volumeSpec(inputs: VolumeInputs): Dockerode.VolumeCreateOptions {
  return defined({
    Name: inputs.name,
    Driver: inputs.driver,
    DriverOpts: inputs.driverOpts,
    Labels: labelMap(inputs.labels),
  });
}

function volumeOutputs(found: Dockerode.VolumeInspectInfo): Properties {
  return { name: found.Name, driver: found.Driver, mountpoint: found.Mountpoint };
}

/** Docker hands out an existing volume as if it were new, and somebody's data would be removed with the stack. */
async function refuseForeign(docker: Dockerode, inputs: VolumeInputs): Promise<void> {
  const found = await ifExists(docker.getVolume(inputs.name).inspect());
  if (!found || isLeftover(labelMap(inputs.labels), found.Labels)) return;
  throw new Error(
    `the name ${inputs.name} is in use by a volume that this stack did not make. ` +
      `Remove it with: docker volume rm ${inputs.name} (its data is lost); or give this one another name`,
  );
}

async function explainUse(docker: Dockerode, name: string, error: unknown): Promise<Error> {
  const users = await docker.listContainers({ all: true, filters: { volume: [name] } });
  const names = users.map((user) => user.Names[0]?.slice(1) ?? user.Id.slice(0, 12));
  return new Error(`volume ${name} is in use by container ${names.join(", ")}; remove that first`, { cause: error });
}
