const CLIENT = /^(DOCKER_HOST|CONTAINER_HOST|PODMAN_HOST|CONTAINERD_ADDRESS|BUILDKIT_HOST)=(?=\S)/i;

/** Whether a variable, `NAME=value`, tells a program where a container daemon listens. */
export function namesDaemon(variable: string): boolean {
  return CLIENT.test(variable);
}
