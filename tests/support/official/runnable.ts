import { existsSync } from "node:fs";
import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "#helpers/pulumi/values.ts";

interface Mount {
  readonly type: string;
  readonly source: string;
}

/**
 * A container of the estate as it can run on this host: an image that is here, a program that sleeps, a health check
 * that passes, ports that nobody has. Everything else stays as the estate says it.
 */
export async function runnableHere(inputs: Properties, image: string): Promise<Properties> {
  for (const { type, source } of (inputs.mounts ?? []) as Mount[]) {
    if (type === "bind" && !existsSync(source)) await mkdir(source, { recursive: true });
  }
  const ports = inputs.ports as { external: number }[] | undefined;
  return {
    ...inputs,
    image,
    entrypoints: ["/bin/sleep"],
    command: ["1000"],
    healthcheck: { ...(inputs.healthcheck as Properties), tests: ["CMD", "true"] },
    ...(ports !== undefined && { ports: ports.map((port) => ({ ...port, external: port.external + 30_000 })) }),
    wait: false,
  };
}

/** Takes away the folders that were made to be mounted, and the cgroups that Docker made for agents. */
export async function removePlaces(prefix: string): Promise<void> {
  for (const name of await readdir("/run/garrison").catch(() => [])) {
    if (name.startsWith(prefix)) await rm(join("/run/garrison", name), { recursive: true });
  }
  const root = "/sys/fs/cgroup";
  const hierarchies = await readdir(root, { withFileTypes: true });
  for (const hierarchy of ["", ...hierarchies.filter((entry) => entry.isDirectory()).map(({ name }) => name)]) {
    const names = await readdir(join(root, hierarchy)).catch(() => []);
    for (const name of names.filter((own) => own.startsWith("garrison-") && own.includes(prefix))) {
      await rmdir(join(root, hierarchy, name)).catch(() => undefined);
    }
  }
}
