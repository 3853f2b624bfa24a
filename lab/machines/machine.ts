import { z } from "zod";
import { hasMonitor } from "./daemon.ts";
import { endCgroups, machineCgroups, removeCgroups } from "./cgroups.ts";
import type { Incus } from "./incus.ts";
import { instanceSchema } from "./incus.ts";
import type { Instance } from "./incus.ts";
import { newKey, operatorKey, pinHostKey } from "./keys.ts";
import type { LabLayout, MachinePlace } from "./layout.ts";
import type { MachineSize } from "./machine-spec.ts";
import { diskOf, mountDisk, removeDisk } from "./mounts.ts";
import type { IncusFiles, LabFiles } from "./paths.ts";
import { untilReady } from "./ready.ts";
import { instanceRequest, marks, renderUserData } from "./user-data.ts";

/** What a machine is made in. */
export interface MachineContext {
  readonly id: string;
  readonly files: LabFiles;
  readonly incusFiles: IncusFiles;
  readonly layout: LabLayout;
  readonly incus: Incus;
  /** Alias of the image in Incus. */
  readonly image: string;
  /** Something that machines hold on to while they run was made again: they have to start again. */
  readonly restart: boolean;
  readonly tell: (detail: string) => void;
}

/** What was done: nothing, or it was made, or it was there and had to be started. */
export type MachineChange = "unchanged" | "made" | "started";

/** The machine as it should be; one that an earlier run has only begun is made anew. */
export async function ensureMachine(
  context: MachineContext,
  place: MachinePlace,
  size: MachineSize,
): Promise<MachineChange> {
  const { incus, incusFiles, files, tell } = context;
  const disk = diskOf(incusFiles, place.pool);
  await mountDisk(disk, size.diskGiB);
  const found = await findInstance(incus, place);
  if (found?.config[marks.ready] === "true") return keepRunning(context, place, found);
  if (found !== undefined) {
    tell(`${place.role}: removing what an interrupted run had begun`);
    await removeMachine(context, place);
    await mountDisk(disk, size.diskGiB);
  }
  await ensurePool(incus, place, disk.pool);
  const hostKey = newKey(place.instance);
  // Pinned before it exists: the first connection is as strict as every other.
  await pinHostKey(files, place.instance, hostKey.public);
  const userData = renderUserData({ hostKey, operatorKey: await operatorKey(files) });
  tell(`${place.role}: unpacking the image`);
  const wish = { lab: context.id, image: context.image, bridge: context.layout.bridge, userData, size };
  await incus.change("POST", "/1.0/instances", instanceRequest(place, wish));
  await start(context, place);
  await untilReady(files, place, tell);
  // The key has done its work here; what Incus keeps must not hold it any longer than needed.
  await setConfig(incus, place, { "cloud-init.user-data": "", [marks.ready]: "true" });
  return "made";
}

async function keepRunning(context: MachineContext, place: MachinePlace, found: Instance): Promise<MachineChange> {
  if (found.status === "Running" && !context.restart) {
    await untilReady(context.files, place, context.tell);
    return "unchanged";
  }
  if (found.status !== "Stopped") await stop(context.incus, place);
  await start(context, place);
  await untilReady(context.files, place, context.tell);
  return "started";
}

/** Starts a machine again that runs; does nothing where none does. */
export async function restartRunning(context: MachineContext, place: MachinePlace): Promise<void> {
  const found = await findInstance(context.incus, place);
  if (found?.status === "Running" && found.config[marks.ready] === "true") await keepRunning(context, place, found);
}

/** Removes the machine and its disk. Fine when there is none. */
export async function removeMachine(
  { incus, incusFiles, files }: Pick<MachineContext, "incus" | "incusFiles" | "files">,
  place: MachinePlace,
): Promise<void> {
  const found = await findInstance(incus, place);
  if (found !== undefined && found.status !== "Stopped") await stop(incus, place);
  await incus.remove(instancePath(place));
  await clearCgroups(place);
  await incus.remove(`/1.0/storage-pools/${place.pool}`);
  await removeDisk(diskOf(incusFiles, place.pool));
  await pinHostKey(files, place.instance, undefined);
}

export function findInstance(incus: Incus, place: MachinePlace): Promise<Instance | undefined> {
  return incus.find(instancePath(place), instanceSchema);
}

async function ensurePool(incus: Incus, { pool }: MachinePlace, source: string): Promise<void> {
  if ((await incus.find(`/1.0/storage-pools/${pool}`, z.unknown())) !== undefined) return;
  await incus.change("POST", "/1.0/storage-pools", { name: pool, driver: "dir", config: { source } });
}

async function start({ incus, tell }: MachineContext, place: MachinePlace): Promise<void> {
  tell(`${place.role}: starting`);
  // What a monitor that was killed has left running would hold the machine's place.
  await clearCgroups(place);
  await incus.change("PUT", `${instancePath(place)}/state`, { action: "start" });
}

async function stop(incus: Incus, place: MachinePlace): Promise<void> {
  await incus.change("PUT", `${instancePath(place)}/state`, { action: "stop", force: true, timeout: -1 });
}

async function setConfig(incus: Incus, place: MachinePlace, config: Record<string, string>): Promise<void> {
  await incus.change("PATCH", instancePath(place), { config });
}

/**
 * Whether Incus takes the machine for running although the process beside it was killed. It would wait for ever for
 * such a machine to stop.
 */
export async function isLost(incus: Incus, files: IncusFiles, place: MachinePlace): Promise<boolean> {
  const found = await findInstance(incus, place);
  return found !== undefined && found.status !== "Stopped" && !hasMonitor(files, place.instance);
}

/** Ends what is left of a machine in the kernel. */
export async function clearCgroups({ instance }: MachinePlace): Promise<void> {
  const cgroups = await machineCgroups(instance);
  await endCgroups(cgroups);
  await removeCgroups(cgroups);
}

function instancePath({ instance }: MachinePlace): string {
  return `/1.0/instances/${instance}`;
}
