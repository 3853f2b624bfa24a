import type Docker from "dockerode";
import { z } from "zod";

/** What the daemon says about one container of an estate. */
export interface LiveContainer {
  readonly name: string;
  readonly service: string;
  /** running, exited, created, restarting, dead … */
  readonly state: string;
  /** healthy, unhealthy, starting; undefined where the container has no health check. */
  readonly health: string | undefined;
  /** Network to address, without the estate's prefix. */
  readonly networks: readonly { readonly name: string; readonly address: string }[];
  readonly memoryLimit: number;
  /** Bytes in use without the page cache that could go; undefined while it does not run. */
  readonly memoryUsed: number | undefined;
  readonly standIn: boolean;
  readonly agent: boolean;
  readonly waivers: readonly string[];
}

const statsSchema = z.looseObject({
  memory_stats: z.looseObject({
    usage: z.number().optional(),
    stats: z
      .looseObject({ total_inactive_file: z.number().optional(), inactive_file: z.number().optional() })
      .optional(),
  }),
});

/** Everything that carries the estate's label, as the daemon sees it now. */
export async function collectContainers(docker: Docker, estate: string): Promise<LiveContainer[]> {
  const listed = await docker.listContainers({ all: true, filters: { label: [`garrison.estate=${estate}`] } });
  const found = await Promise.all(listed.map(({ Id: id }) => inspect(docker, id, estate)));
  return found.filter((container) => container !== undefined).sort((a, b) => a.name.localeCompare(b.name));
}

async function inspect(docker: Docker, id: string, estate: string): Promise<LiveContainer | undefined> {
  try {
    const container = docker.getContainer(id);
    const details = await container.inspect();
    const labels = details.Config.Labels;
    const name = details.Name.slice(1);
    return {
      name,
      service: labels["garrison.service"] ?? name.slice(estate.length + 1),
      state: details.State.Status,
      health: details.State.Health?.Status,
      networks: Object.entries(details.NetworkSettings.Networks)
        .map(([network, { IPAddress: address }]) => ({ name: withoutPrefix(network, estate), address }))
        .sort((a, b) => a.name.localeCompare(b.name)),
      memoryLimit: details.HostConfig.Memory ?? 0,
      memoryUsed: details.State.Running ? await memoryUsed(container) : undefined,
      standIn: labels["garrison.stand-in"] === "true",
      agent: labels["garrison.role"] === "agent",
      waivers: (labels["garrison.waivers"] ?? "").split(",").filter((waiver) => waiver !== ""),
    };
  } catch (error) {
    // It went between the list and the look.
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return undefined;
    throw error;
  }
}

function withoutPrefix(name: string, estate: string): string {
  return name.startsWith(`${estate}-`) ? name.slice(estate.length + 1) : name;
}

async function memoryUsed(container: Docker.Container): Promise<number | undefined> {
  const answer: unknown = await container.stats({ stream: false, "one-shot": true });
  const { usage, stats } = statsSchema.parse(answer).memory_stats;
  if (usage === undefined) return undefined;
  return Math.max(0, usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0));
}
