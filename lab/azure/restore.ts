import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { restoreCgroupOptions } from "../machines/cgroup-options.ts";
import type { PreparedLab } from "../machines/lab.ts";
import type { Lab } from "../machines/lab-of.ts";
import { runDirectory } from "../machines/paths.ts";
import type { NetworkFacts } from "../fabric/fabric.ts";
import { machinePlace } from "./layout.ts";
import { attachDevices } from "./disks.ts";
import { azureInstances } from "./instances.ts";
import { startMachines } from "./machines.ts";
import { applyNetworkFacts } from "./network.ts";

/**
 * Brings back what a restart of the host or a kill has ended: links, rules and the machines that are whole. What is there
 * stays as it is.
 */
export async function restoreAzure(lab: PreparedLab): Promise<void> {
  for (const { id } of await azureInstances(lab)) await attachDevices(lab, machinePlace(lab.facts.id, id));
  const facts = await readNetworkFacts(lab);
  const lost = facts === undefined ? [] : await applyNetworkFacts(lab, facts);
  await startMachines(lab, lost.length > 0 || lab.newView);
  await restoreCgroupOptions(runDirectory);
}

/** What was last in effect; undefined where nothing was. */
export async function readNetworkFacts(lab: Pick<Lab, "files">): Promise<NetworkFacts | undefined> {
  const file = factsFile(lab);
  // Written in one step, and by nobody else.
  return existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as NetworkFacts) : undefined;
}

export async function keepNetworkFacts(lab: Pick<Lab, "files">, facts: NetworkFacts): Promise<void> {
  await writeFileAtomic(factsFile(lab), JSON.stringify(facts), 0o600);
}

function factsFile({ files }: Pick<Lab, "files">): string {
  return join(files.directory, "azure-network.json");
}
