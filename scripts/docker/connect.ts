import Docker from "dockerode";
import { isRemote, makeSshDirectory, sshOptions } from "#components/host/docker-host.ts";
import type { DockerSettings } from "#components/host/docker-host.ts";
import { SshAgent } from "#helpers/docker/ssh-agent.ts";

export interface DockerConnection {
  readonly docker: Docker;
  /** Ends what it opened; nothing else would, and the command would not end. */
  close(): void;
}

/** The daemon of a deployment, over the same connection as its containers: ssh believes the pinned key and no other. */
export function connectDocker(settings: DockerSettings): DockerConnection {
  if (!isRemote(settings)) {
    return { docker: new Docker({ socketPath: settings.host.replace(/^unix:\/\//, "") }), close: () => undefined };
  }
  makeSshDirectory();
  const agent = new SshAgent(settings.host, sshOptions(settings));
  // The name is in the requests only; ssh leads them to the machine.
  const options = { protocol: "http", host: "docker.invalid", port: 80, agent } as const;
  return {
    docker: new Docker(options),
    close: () => {
      agent.destroy();
    },
  };
}
