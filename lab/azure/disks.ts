import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { checkout } from "#helpers/files/directories.ts";
import { editInstance, findInstance } from "../machines/instance.ts";
import { marks } from "../machines/instance-request.ts";
import type { Device } from "../machines/instance-request.ts";
import type { PreparedLab } from "../machines/lab.ts";
import type { InstancePlace } from "../machines/layout.ts";
import { largestSize, machineSpecs } from "../machines/machine-spec.ts";
import { registryDevice } from "../machines/registry-device.ts";
import { growDisk, isSmaller, mountDisk, mountFile } from "../machines/mounts.ts";
import type { DiskFact, FabricContext, MachineFact } from "../fabric/fabric.ts";
import { azureInstances } from "./instances.ts";
import { dataDisk, lastPart, machinePlace } from "./layout.ts";

type DataDisks = MachineFact["dataDisks"];

const dataDisksSchema = z.array(z.object({ lun: z.int().nonnegative(), disk: z.string() }));

/** Where a machine finds the data disk that is attached to it under this number. */
function dataDiskPath(lun: number): string {
  return `/mnt/lun${lun}`;
}

/** Makes a disk, or enlarges it; a machine that has it is without it for as long as that takes. */
export async function ensureDataDisk(
  lab: PreparedLab,
  { id, sizeGiB }: DiskFact,
  tell: FabricContext["tell"],
): Promise<void> {
  const largest = largestSize(await machineSpecs(checkout), lab.facts.capacity);
  const here = Math.min(sizeGiB, largest.diskGiB);
  if (here < sizeGiB) tell(`${lastPart(id)}: ${here} of ${sizeGiB} GiB here`);
  const disk = dataDisk(lab.facts.id, lab.incusFiles, id);
  await mountDisk(disk, here);
  if (!(await isSmaller(disk, here))) return;
  const places = (await azureInstances(lab)).map((machine) => machinePlace(lab.facts.id, machine.id));
  try {
    for (const place of places) await detach(lab, place, disk.pool);
    await growDisk(disk, here);
  } finally {
    for (const place of places) await attachDevices(lab, place);
  }
}

/**
 * A system container has no disk of its own to format: each data disk is there from the start as a file system of its
 * size, below the number under which it is attached.
 */
export async function diskDevices(
  { facts, incusFiles }: PreparedLab,
  disks: DataDisks,
): Promise<Record<string, Device>> {
  const devices: Record<string, Device> = {};
  for (const { lun, disk: id } of disks) {
    const disk = dataDisk(facts.id, incusFiles, id);
    await mountFile(disk);
    // Root inside is root on the disk as well: it may be attached to another machine later.
    devices[deviceName(lun)] = { type: "disk", source: disk.pool, path: dataDiskPath(lun), shift: "true" };
  }
  return devices;
}

/** Makes a machine have exactly the data disks that it is marked with, and the way to the registry of today. */
export async function attachDevices(lab: PreparedLab, place: Pick<InstancePlace, "instance">): Promise<void> {
  const found = await findInstance(lab.incus, place);
  if (found === undefined) return;
  const disks = dataDisksSchema.parse(JSON.parse(found.config[marks.disks] ?? "[]"));
  const wanted = { ...withoutDisks(found.devices), ...(await registryDevice()), ...(await diskDevices(lab, disks)) };
  if (isDeepStrictEqual(found.devices, wanted)) return;
  await editInstance(lab.incus, place, () => ({ devices: wanted }));
}

async function detach({ incus }: PreparedLab, place: InstancePlace, source: string): Promise<void> {
  const devices = (await findInstance(incus, place))?.devices ?? {};
  const others = Object.entries(devices).filter(([, device]) => device.source !== source);
  if (others.length === Object.keys(devices).length) return;
  await editInstance(incus, place, () => ({ devices: Object.fromEntries(others) }));
}

function withoutDisks(devices: Readonly<Record<string, Device>>): Record<string, Device> {
  return Object.fromEntries(Object.entries(devices).filter(([name]) => !/^lun\d+$/.test(name)));
}

function deviceName(lun: number): string {
  return `lun${lun}`;
}
