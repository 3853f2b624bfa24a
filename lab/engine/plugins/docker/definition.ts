/** The lab's docker plugin: what it covers of the official one. */
import type { ProviderDefinition } from "../../provider/definition.ts";
import { loadSchema } from "../../provider/schema.ts";
import { pluginVersions } from "../../versions.ts";
import { checkHost, daemon, type Daemon } from "./connection/daemon.ts";
import { container } from "./container/resource.ts";
import { getNetwork, network } from "./network.ts";
import { remoteImage } from "./remote-image.ts";
import { volume } from "./volume.ts";

export const docker: ProviderDefinition<Daemon> = {
  name: "docker",
  version: pluginVersions.docker,
  schema: loadSchema("docker"),
  resources: {
    "docker:index/container:Container": container,
    "docker:index/network:Network": network,
    "docker:index/volume:Volume": volume,
    "docker:index/remoteImage:RemoteImage": remoteImage,
  },
  invokes: {
    "docker:index/getNetwork:getNetwork": (args, { settings }) => getNetwork(args, settings),
  },
  unsupportedConfig: {
    context: "name the daemon with host",
    "registryAuth.configFile": "give username and password",
    "registryAuth.configFileContent": "give username and password",
  },
  checkConfig: checkHost,
  configure: daemon,
};
