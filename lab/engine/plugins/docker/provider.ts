/** The lab's docker plugin: what it covers of the official one. */
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import type { ProviderDefinition } from "#provider/definition.ts";
import { loadSchema } from "#provider/schema.ts";
import { checkHost, daemon, type Daemon } from "./connection/daemon.ts";
import { container } from "./container/resource.ts";
import { getNetwork, network } from "./network.ts";
import { remoteImage } from "./remote-image.ts";
import { volume } from "./volume.ts";

export const dockerProvider: ProviderDefinition<Daemon> = {
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
  notes: [
    "What builds images, `docker.Image` and `docker.RegistryImage`, is not there: a program that has one is refused in the preview.",
    "Behaves as the official plugin does, faults included: [case by case](lab-plugin-docker.md), with what is stricter or more patient here.",
    "Fields that the daemon's API version does not know are refused instead of sent: `healthcheck.startInterval` needs API 1.44, `networksAdvanced.macAddress` 1.44, `networksAdvanced.gwPriority` 1.48.",
    "A container or network whose name is taken is made anew when the holder carries all of its labels, `garrison.estate` among them: a killed run left it behind. Any other holder is named and left alone; so is a volume, which Docker would hand out silently.",
    "`refresh` sees removed, stopped and paused containers, changed limits, restart policies, names and labels, and networks joined or left by hand. Environment, mounts and the like cannot change while a container keeps its id.",
    "Neither configuration nor preview opens a connection, whatever kind of host: `unix://`, `ssh://` (with the operator's own `ssh` and `sshOpts`) or `tcp://` (with TLS material).",
    "Imports read a container's name and image, and a network's or volume's name; all else shows up as a difference.",
    "`uploads.owner` and `uploads.group` take numbers only.",
  ],
  checkConfig: checkHost,
  configure: daemon,
};
