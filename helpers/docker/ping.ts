import Docker from "dockerode";
import { reasonOf } from "../terminal/reason.ts";

/** Where the daemon is looked for when DOCKER_HOST does not say. */
export const localSocket = "/var/run/docker.sock";

export interface DockerAnswer {
  /** The address that was asked, as DOCKER_HOST would name it. */
  readonly address: string;
  /** The daemon's version; undefined when none answers. */
  readonly version?: string;
  /** Why none answers. */
  readonly reason?: string;
  /** A daemon may be there, but this user may not talk to it. */
  readonly denied: boolean;
}

/** The address of the daemon that scripts and stacks talk to. */
export function dockerAddress(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.DOCKER_HOST;
  return named === undefined || named === "" ? `unix://${localSocket}` : named;
}

/** Asks the daemon for its version; never throws. */
export async function pingDocker(timeoutMs = 5000): Promise<DockerAnswer> {
  const address = dockerAddress();
  try {
    const { Version: version } = await new Docker({ timeout: timeoutMs }).version();
    return { address, version, denied: false };
  } catch (error) {
    const denied = error instanceof Error && "code" in error && error.code === "EACCES";
    return { address, reason: reasonOf(error), denied };
  }
}
