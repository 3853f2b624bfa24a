import Docker from "dockerode";
import { isRemote, makeSshDirectory, sshOptions } from "../../components/host/docker-host.ts";
import type { DockerSettings } from "../../components/host/docker-host.ts";
import { SshAgent } from "../../lab/engine/plugins/docker/connection/ssh-agent.ts";

/** The daemon of a deployment, over the same connection as its containers: ssh believes the pinned key and no other. */
export function connectDocker(settings: DockerSettings): Docker {
  if (!isRemote(settings)) return new Docker({ socketPath: settings.host.replace(/^unix:\/\//, "") });
  makeSshDirectory();
  const agent = new SshAgent(settings.host, sshOptions(settings));
  // The name is in the requests only; ssh leads them to the machine.
  const options = { protocol: "http", host: "docker.invalid", port: 80, agent } as const;
  return new Docker(options);
}
