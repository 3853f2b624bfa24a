import type { Incus, Instance } from "./incus.ts";
import { ensurePool, findInstance, removeInstance, setConfig, startInstance, stopInstance } from "./instance.ts";
import { instanceRequest, marks } from "./instance-request.ts";
import { repinHostKey } from "./host-key.ts";
import { newKey, operatorKey, pinHostKey } from "./keys.ts";
import type { LabLayout, MachinePlace } from "./layout.ts";
import type { MachineSize } from "./machine-spec.ts";
import { diskOf, mountDisk } from "./mounts.ts";
import type { IncusFiles, LabFiles } from "./paths.ts";
import { followRegistry, registryDevice } from "./registry-device.ts";
import { untilReady } from "./ready.ts";
import { renderUserData } from "./user-data.ts";

/** What a machine is made in. */
interface MachineContext {
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
  const request = {
    lab: context.id,
    image: context.image,
    hostName: place.role,
    userData,
    size,
    devices: {
      eth0: { type: "nic", name: "eth0", network: context.layout.bridge, "ipv4.address": place.address },
      ...(await registryDevice()),
    },
  };
  await incus.change("POST", "/1.0/instances", instanceRequest(place, request));
  await start(context, place);
  await untilReady(files, place, tell);
  // The key has done its work here; what Incus keeps must not hold it any longer than needed.
  await setConfig(incus, place, { "cloud-init.user-data": "", [marks.ready]: "true" });
  return "made";
}

async function keepRunning(context: MachineContext, place: MachinePlace, found: Instance): Promise<MachineChange> {
  await followRegistry(context.incus, found);
  await repinHostKey(context, place);
  if (found.status === "Running" && !context.restart) {
    await untilReady(context.files, place, context.tell);
    return "unchanged";
  }
  if (found.status !== "Stopped") await stopInstance(context.incus, place);
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
  context: Pick<MachineContext, "incus" | "incusFiles" | "files">,
  place: MachinePlace,
): Promise<void> {
  await removeInstance(context, place);
  await pinHostKey(context.files, place.instance, undefined);
}

async function start({ incus, tell }: MachineContext, place: MachinePlace): Promise<void> {
  tell(`${place.role}: starting`);
  await startInstance(incus, place);
}
