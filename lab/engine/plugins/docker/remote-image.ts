/** docker.RemoteImage on a real daemon: an image that is pulled, and removed unless it is kept. */
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import type Dockerode from "dockerode";
import type { ResourceDefinition } from "#provider/definition.ts";
import type { Daemon } from "./connection/daemon.ts";
import { ifExists, speaking } from "./connection/failures.ts";
import { ensureImage } from "./images.ts";
import type { RemoteImageInputs } from "./inputs.ts";

export const remoteImage: ResourceDefinition<Daemon, RemoteImageInputs> = {
  unsupported: { build: "build the image with Docker, push it to a registry and name its digest" },

  async create(inputs, context) {
    return speaking(context.settings, `fetching image ${inputs.name}`, async () => {
      const found = await ensureImage(context.settings, inputs.name, inputs.platform, context);
      return { id: found.Id + inputs.name, outputs: imageOutputs(found) };
    });
  },

  async read(id, old, context) {
    const name = old.outputs.name;
    return speaking(context.settings, `reading image ${String(name)}`, async () => {
      if (typeof name !== "string") throw new Error("images cannot be imported: nothing in their id tells their name");
      const found = await ifExists((await context.settings.client()).getImage(name).inspect());
      return found && { id: found.Id + name, inputs: { ...old.inputs }, outputs: imageOutputs(found) };
    });
  },

  // keepLocally and forceRemove matter at removal only.
  update: () => Promise.resolve({}),

  async delete(_id, { outputs }, context) {
    const name = String(outputs.name);
    if (outputs.keepLocally === true) return;
    await speaking(context.settings, `removing image ${name}`, async () => {
      const docker = await context.settings.client();
      await ifExists(docker.getImage(name).remove({ force: outputs.forceRemove === true }) as Promise<unknown>);
    });
  },
};

function imageOutputs(found: Dockerode.ImageInspectInfo): Properties {
  return { imageId: found.Id, repoDigest: found.RepoDigests[0] ?? found.Id };
}
