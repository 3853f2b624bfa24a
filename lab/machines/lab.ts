import { mkdir, statfs } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import type { MachineRole } from "#stacks/machines.ts";
import { hostResources } from "../estate/estate.ts";
import { ensureBridges } from "./bridges.ts";
import type { Bridge } from "./bridges.ts";
import { recordCgroupOptions, restoreCgroupOptions } from "./cgroup-options.ts";
import { endDaemon, endStaleForwarders, ensureDaemon, ensureLxcfs, incusClient } from "./daemon.ts";
import { openLabFacts, readLabFacts } from "./facts.ts";
import type { LabFacts } from "./facts.ts";
import { openFirewall } from "./firewall.ts";
import { runHost } from "./host-command.ts";
import { ensureMachineImage } from "./image/build.ts";
import type { MachineImage } from "./image/build.ts";
import { incusProblem } from "./incus.ts";
import type { Incus } from "./incus.ts";
import { ensureIncus } from "./install.ts";
import { clearCgroups, lostInstances } from "./instance.ts";
import { raiseKernelSettings } from "./kernel.ts";
import { operatorKey, renderSshConfig } from "./keys.ts";
import { labOf } from "./lab-of.ts";
import type { Lab } from "./lab-of.ts";
import type { LabLayout } from "./layout.ts";
import { ensureMachine, restartRunning } from "./machine.ts";
import type { MachineChange } from "./machine.ts";
import { scaleMachines } from "./machine-spec.ts";
import type { LabScale, MachineSpec } from "./machine-spec.ts";
import { mountStore } from "./mounts.ts";
import { incusFiles, labFiles, machinesCache, runDirectory } from "./paths.ts";
import type { IncusFiles } from "./paths.ts";

/** Left to the host itself. */
const reserve = { memoryMiB: 2048 };
/** The most of the free disk that all machines together may fill. */
const diskShare = 0.5;

/** Does work in the lab; what its Incus refuses becomes a report. */
export async function reportingIncus<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const facts = await readLabFacts(labFiles());
    throw incusProblem(error, facts === undefined ? "" : incusFiles(facts.id).log);
  }
}

/** A lab that machines can be made in. */
export interface PreparedLab extends Lab {
  readonly incus: Incus;
  /** Alias of the image in Incus. */
  readonly image: string;
  /** Machines that run do not see their own limits, since what shows them was started just now. */
  readonly newView: boolean;
}

/**
 * Makes all that a machine stands on: Incus, the image, the host's settings, the lab's store and daemon. What is there
 * and whole is left alone. To be called under the lab's lock.
 */
export async function prepareLab(tell: (detail: string) => void): Promise<PreparedLab> {
  const cache = machinesCache();
  await ensureIncus(cache);
  await mkdir(cache, { recursive: true });
  const image = await ensureMachineImage(cache, tell);
  const lab = labOf(await openLabFacts(labFiles(), hostCapacity));
  tell("preparing the host");
  await raiseKernelSettings(runDirectory);
  await recordCgroupOptions(runDirectory);
  await mountStore(lab.incusFiles);
  const newView = await ensureLxcfs();
  const incus = await settledDaemon(lab.incusFiles);
  await importImage(incus, lab.incusFiles, image);
  return { ...lab, incus, image: image.hash, newView };
}

/**
 * A daemon that knows what runs and what does not: where the process beside a machine was killed, it has to look anew.
 */
export async function settledDaemon(files: IncusFiles): Promise<Incus> {
  const incus = await ensureDaemon(files);
  const lost = await lostInstances({ incus, incusFiles: files });
  if (lost.length === 0) return incus;
  // Not asked for long: it would wait for what never comes.
  await endDaemon(files, 1);
  for (const instance of lost) await clearCgroups({ instance });
  await endStaleForwarders(files);
  return ensureDaemon(files);
}

/** What a run of `bringUp` did. */
interface Brought {
  readonly lab: PreparedLab;
  readonly scale: LabScale;
  readonly machines: readonly { readonly role: MachineRole; readonly change: MachineChange }[];
}

/**
 * Brings machines up, and first all that they stand on. What is there and whole is left alone, what a run that was killed
 * has begun is finished or made anew.
 */
export async function bringUp(
  specs: readonly MachineSpec[],
  roles: readonly MachineRole[],
  tell: (detail: string) => void,
): Promise<Brought> {
  const lab = await prepareLab(tell);
  const { files, layout } = lab;
  const restart = (await ensureBridges(lab, [bridgeOf(layout)])).length > 0 || lab.newView;
  await openFirewall(layout);
  await operatorKey(files);
  await writeFileAtomic(files.sshConfig, renderSshConfig(files, layout), 0o600);
  const scale = scaleMachines(specs, lab.facts.capacity);
  const machines: { role: MachineRole; change: MachineChange }[] = [];
  const context = { ...lab, id: lab.facts.id, restart, tell };
  for (const place of layout.machines) {
    if (roles.includes(place.role)) {
      machines.push({ role: place.role, change: await ensureMachine(context, place, scale[place.role]) });
    } else if (restart) {
      // Nobody asked for it, but what it held on to is gone.
      await restartRunning(context, place);
    }
    await restoreCgroupOptions(runDirectory);
  }
  return { lab, scale, machines };
}

function bridgeOf({ bridge, gateway }: LabLayout): Bridge {
  return { name: bridge, gateway };
}

async function importImage(incus: Incus, files: IncusFiles, image: MachineImage): Promise<void> {
  if ((await incus.find(`/1.0/images/aliases/${image.hash}`, z.unknown())) !== undefined) return;
  const args = ["image", "import", image.metadata, image.rootfs, "--alias", image.hash];
  if ((await incusClient(files, args)) !== undefined) return;
  // A run that was killed may have imported it and not named it, and Incus takes none twice.
  for (const { fingerprint, aliases } of await incus.call("GET", "/1.0/images?recursion=1", imagesSchema)) {
    if (aliases.length === 0) await incus.remove(`/1.0/images/${fingerprint}`);
  }
  await runHost("env", [`INCUS_DIR=${files.directory}`, "incus", ...args]);
}

const imagesSchema = z.array(
  z.object({
    fingerprint: z.string(),
    aliases: z
      .array(z.unknown())
      .nullish()
      .transform((found) => found ?? []),
  }),
);

async function hostCapacity(): Promise<LabFacts["capacity"]> {
  const { memoryMiB, cpus } = hostResources();
  const { bavail, bsize } = await statfs(machinesCache());
  const freeGiB = (bavail * bsize) / 1024 ** 3;
  return {
    memoryMiB: Math.max(1, memoryMiB - reserve.memoryMiB),
    cpus,
    diskGiB: Math.max(1, Math.floor(freeGiB * diskShare)),
  };
}
