import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { MachineRole } from "#stacks/machines.ts";
import { labLinks, listBridges, removeBridge } from "./bridges.ts";
import { endCgroups, machineCgroups, pivotCgroups, removeCgroups } from "./cgroups.ts";
import { forgetCgroupOptions, restoreCgroupOptions } from "./cgroup-options.ts";
import { anyLabMounted, endDaemon, endLxcfs, endStaleForwarders } from "./daemon.ts";
import { closeFirewall } from "./firewall.ts";
import { tryHost } from "./host-command.ts";
import { restoreKernelSettings } from "./kernel.ts";
import { settledDaemon } from "./lab.ts";
import type { Lab } from "./lab-of.ts";
import { leftovers } from "./leftovers.ts";
import type { Leftover } from "./leftovers.ts";
import { listInstances, removeInstance } from "./instance.ts";
import { removeMachine } from "./machine.ts";
import { mountStore, unmountBelow } from "./mounts.ts";
import { runDirectory } from "./paths.ts";

/** Removes these machines and nothing else. */
export async function takeDownMachines(lab: Lab, roles: readonly MachineRole[]): Promise<void> {
  await mountStore(lab.incusFiles);
  const incus = await settledDaemon(lab.incusFiles);
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
  await endStaleForwarders(lab.incusFiles);
  for (const link of await labLinks(layout)) await tryHost("ip", ["link", "delete", link]);
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
  const incus = await settledDaemon(lab.incusFiles);
  // All that this Incus has is the lab's.
  for (const { name } of await listInstances(incus)) {
    await removeInstance({ ...lab, incus }, { name, instance: name, pool: name });
  }
  for (const name of await listBridges(incus)) await removeBridge(incus, name);
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
