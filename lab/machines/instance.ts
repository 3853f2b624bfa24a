import { z } from "zod";
import { endCgroups, machineCgroups, removeCgroups } from "./cgroups.ts";
import { hasMonitor } from "./daemon.ts";
import { instanceSchema } from "./incus.ts";
import type { Incus, Instance } from "./incus.ts";
import type { InstancePlace } from "./layout.ts";
import { diskOf, removeDisk } from "./mounts.ts";
import type { IncusFiles } from "./paths.ts";

/** An Incus and where it keeps what. */
export interface IncusPlace {
  readonly incus: Incus;
  readonly incusFiles: IncusFiles;
}

export function findInstance(incus: Incus, place: Pick<InstancePlace, "instance">): Promise<Instance | undefined> {
  return incus.find(instancePath(place), instanceSchema);
}

/** Every machine of this Incus. */
export function listInstances(incus: Incus): Promise<readonly Instance[]> {
  return incus.call("GET", "/1.0/instances?recursion=1", z.array(instanceSchema));
}

export async function ensurePool(incus: Incus, { pool }: InstancePlace, source: string): Promise<void> {
  if ((await incus.find(`/1.0/storage-pools/${pool}`, z.unknown())) !== undefined) return;
  await incus.change("POST", "/1.0/storage-pools", { name: pool, driver: "dir", config: { source } });
}

export async function startInstance(incus: Incus, place: Pick<InstancePlace, "instance">): Promise<void> {
  // What a monitor that was killed has left running would hold the machine's place.
  await clearCgroups(place);
  await incus.change("PUT", `${instancePath(place)}/state`, { action: "start" });
}

export async function stopInstance(incus: Incus, place: Pick<InstancePlace, "instance">): Promise<void> {
  await incus.change("PUT", `${instancePath(place)}/state`, { action: "stop", force: true, timeout: -1 });
}

/** Changes some keys of its configuration; an empty text removes one. */
export async function setConfig(
  incus: Incus,
  place: Pick<InstancePlace, "instance">,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  await incus.change("PATCH", instancePath(place), { config });
}

/** What of a machine is sent back as it came, but for what is changed. */
const wholeInstanceSchema = z.object({
  architecture: z.string(),
  config: z.record(z.string(), z.string()),
  devices: z.record(z.string(), z.record(z.string(), z.string())),
  ephemeral: z.boolean(),
  profiles: z.array(z.string()),
});
type WholeInstance = z.infer<typeof wholeInstanceSchema>;

/** Replaces configuration or devices of a machine as wholes: what is left out goes. Takes effect at once. */
export async function editInstance(
  incus: Incus,
  place: Pick<InstancePlace, "instance">,
  edit: (now: WholeInstance) => Partial<Pick<WholeInstance, "config" | "devices">>,
): Promise<void> {
  const now = await incus.call("GET", instancePath(place), wholeInstanceSchema);
  await incus.change("PUT", instancePath(place), { ...now, ...edit(now) });
}

/** Removes the machine with its disk. Fine when there is none. */
export async function removeInstance({ incus, incusFiles }: IncusPlace, place: InstancePlace): Promise<void> {
  const found = await findInstance(incus, place);
  if (found !== undefined && found.status !== "Stopped") await stopInstance(incus, place);
  await incus.remove(instancePath(place));
  await clearCgroups(place);
  await incus.remove(`/1.0/storage-pools/${place.pool}`);
  await removeDisk(diskOf(incusFiles, place.pool));
}

/**
 * The machines that Incus takes for running although the process beside them was killed. It would wait for ever for
 * such a machine to stop.
 */
export async function lostInstances({ incus, incusFiles }: IncusPlace): Promise<readonly string[]> {
  const running = (await listInstances(incus)).filter(({ status }) => status !== "Stopped");
  return running.map(({ name }) => name).filter((name) => !hasMonitor(incusFiles, name));
}

/** Ends what is left of a machine in the kernel. */
export async function clearCgroups({ instance }: Pick<InstancePlace, "instance">): Promise<void> {
  const cgroups = await machineCgroups(instance);
  await endCgroups(cgroups);
  await removeCgroups(cgroups);
}

function instancePath({ instance }: Pick<InstancePlace, "instance">): string {
  return `/1.0/instances/${instance}`;
}
