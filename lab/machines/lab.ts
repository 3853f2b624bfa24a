import { existsSync } from "node:fs";
import { mkdir, rm, rmdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../scripts/lib/atomic.ts";
import type { MachineRole } from "../../components/settings/settings.ts";
import { hostResources } from "../estate/estate.ts";
import { endCgroups, machineCgroups, pivotCgroups, removeCgroups } from "./cgroups.ts";
import { forgetCgroupOptions, recordCgroupOptions, restoreCgroupOptions } from "./cgroup-options.ts";
import {
  anyLabMounted,
  endDaemon,
  endLxcfs,
  ensureDaemon,
  ensureLxcfs,
  incusClient,
  servesAddresses,
} from "./daemon.ts";
import { openLabFacts } from "./facts.ts";
import type { LabFacts } from "./facts.ts";
import { closeFirewall, openFirewall } from "./firewall.ts";
import { runHost, tryHost } from "./host-command.ts";
import { ensureMachineImage } from "./image/build.ts";
import type { MachineImage } from "./image/build.ts";
import type { Incus } from "./incus.ts";
import { ensureIncus } from "./install.ts";
import { raiseKernelSettings, restoreKernelSettings } from "./kernel.ts";
import { operatorKey, renderSshConfig } from "./keys.ts";
import { layOutLab } from "./layout.ts";
import type { LabLayout } from "./layout.ts";
import { leftovers } from "./leftovers.ts";
import type { Leftover } from "./leftovers.ts";
import { clearCgroups, ensureMachine, isLost, removeMachine, restartRunning } from "./machine.ts";
import type { MachineChange } from "./machine.ts";
import { scaleMachines } from "./machine-spec.ts";
import type { LabScale, MachineSpec } from "./machine-spec.ts";
import { mountStore, unmountBelow } from "./mounts.ts";
import { incusFiles, labFiles, machinesCache, runDirectory } from "./paths.ts";
import type { IncusFiles, LabFiles } from "./paths.ts";

/** Left to the host itself. */
const reserve = { memoryMiB: 2048 };
/** The most of the free disk that all machines together may fill. */
const diskShare = 0.5;

/** The lab of machines of this user. */
export interface Lab {
  readonly facts: LabFacts;
  readonly files: LabFiles;
  readonly incusFiles: IncusFiles;
  readonly layout: LabLayout;
}

export function labOf(facts: LabFacts): Lab {
  return { facts, files: labFiles(), incusFiles: incusFiles(facts.id), layout: layOutLab(facts) };
}

/** What a run of `bringUp` did. */
export interface Brought {
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
  const cache = machinesCache();
  await ensureIncus(cache);
  await mkdir(cache, { recursive: true });
  const image = await ensureMachineImage(cache, tell);
  const lab = labOf(await openLabFacts(labFiles(), hostCapacity));
  const { files, layout } = lab;
  tell("preparing the host");
  await raiseKernelSettings(runDirectory);
  await recordCgroupOptions(runDirectory);
  await mountStore(lab.incusFiles);
  const newView = await ensureLxcfs();
  const incus = await settledDaemon(lab);
  const restart = (await ensureBridge(lab, incus)) || newView;
  await openFirewall(layout);
  await operatorKey(files);
  await writeFileAtomic(files.sshConfig, renderSshConfig(files, layout), 0o600);
  await importImage(incus, lab.incusFiles, image);
  const scale = scaleMachines(specs, lab.facts.capacity);
  const machines: { role: MachineRole; change: MachineChange }[] = [];
  const context = { ...lab, id: lab.facts.id, incus, image: image.hash, restart, tell };
  for (const place of layout.machines) {
    if (roles.includes(place.role)) {
      machines.push({ role: place.role, change: await ensureMachine(context, place, scale[place.role]) });
    } else if (restart) {
      // Nobody asked for it, but what it held on to is gone.
      await restartRunning(context, place);
    }
    await restoreCgroupOptions(runDirectory);
  }
  return { scale, machines };
}

/** Removes these machines and nothing else. */
export async function takeDownMachines(lab: Lab, roles: readonly MachineRole[]): Promise<void> {
  await mountStore(lab.incusFiles);
  const incus = await settledDaemon(lab);
  for (const place of lab.layout.machines.filter(({ role }) => roles.includes(role))) {
    await removeMachine({ ...lab, incus }, place);
  }
}

/**
 * Removes the whole lab: what an Incus that answers can remove, and then whatever is left in the kernel and on disk.
 *
 * @returns what is left all the same; the lab's description stays with it, so that the next try knows what to look for
 */
export async function takeDown(lab: Lab): Promise<readonly Leftover[]> {
  const { facts, files, layout } = lab;
  if (existsSync(lab.incusFiles.store)) await removeThroughIncus(lab);
  await closeFirewall(layout);
  await endDaemon(lab.incusFiles);
  const cgroups = await machineCgroups(`${facts.id}-`);
  await endCgroups(cgroups);
  await removeCgroups(cgroups);
  await tryHost("ip", ["link", "delete", layout.bridge]);
  await unmountBelow(lab.incusFiles.mounted);
  await rm(lab.incusFiles.mounted, { recursive: true, force: true });
  await rm(lab.incusFiles.store, { recursive: true, force: true });
  // What all labs share goes with the last.
  if (!(await anyLabMounted())) await takeDownShared();
  const left = await leftovers(lab);
  if (left.length === 0) await rm(files.directory, { recursive: true, force: true });
  return left;
}

async function removeThroughIncus(lab: Lab): Promise<void> {
  await mountStore(lab.incusFiles);
  const incus = await settledDaemon(lab);
  for (const place of lab.layout.machines) await removeMachine({ ...lab, incus }, place);
  await incus.remove(`/1.0/networks/${lab.layout.bridge}`);
}

/** A daemon that knows what runs and what does not: where the process beside a machine was killed, it has to look anew. */
async function settledDaemon({ incusFiles: files, layout }: Lab): Promise<Incus> {
  const incus = await ensureDaemon(files);
  const lost = await Promise.all(layout.machines.map((place) => isLost(incus, files, place)));
  if (!lost.includes(true)) return incus;
  // Not asked for long: it would wait for what never comes.
  await endDaemon(files, 1);
  for (const place of layout.machines.filter((_, index) => lost[index] === true)) await clearCgroups(place);
  return ensureDaemon(files);
}

async function takeDownShared(): Promise<void> {
  await endLxcfs();
  await restoreKernelSettings(runDirectory);
  await restoreCgroupOptions(runDirectory);
  await forgetCgroupOptions(runDirectory);
  await removeCgroups(await pivotCgroups());
  await rm(join(runDirectory, "lxcfs.log"), { force: true });
  await rmdir(runDirectory).catch(() => undefined);
}

/** @returns whether the link had to be made again: machines that run have lost their end of it */
async function ensureBridge(lab: Lab, incus: Incus): Promise<boolean> {
  const { bridge, gateway } = lab.layout;
  if ((await incus.find(`/1.0/networks/${bridge}`, z.unknown())) !== undefined) {
    const link = (await tryHost("ip", ["link", "show", bridge])) !== undefined;
    if (link && servesAddresses(lab.incusFiles, bridge)) return false;
    // The daemon makes its networks' links and name servers when it starts, and looks after them at no other time.
    await endDaemon(lab.incusFiles);
    await ensureDaemon(lab.incusFiles);
    return !link;
  }
  const config = {
    "ipv4.address": gateway,
    // The lab's own table does both: Incus would write into one that it shares with every Incus of the host.
    "ipv4.nat": "false",
    "ipv4.firewall": "false",
    "ipv6.address": "none",
    "ipv6.firewall": "false",
  };
  await incus.change("POST", "/1.0/networks", { name: bridge, type: "bridge", config });
  return false;
}

async function importImage(incus: Incus, files: IncusFiles, image: MachineImage): Promise<void> {
  if ((await incus.find(`/1.0/images/aliases/${image.hash}`, z.unknown())) !== undefined) return;
  const args = ["image", "import", image.metadata, image.rootfs, "--alias", image.hash];
  if ((await incusClient(files, args)) !== undefined) return;
  // It may have been imported by a run that was killed before it had a name.
  await runHost("env", [`INCUS_DIR=${files.directory}`, "incus", ...args]);
}

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
