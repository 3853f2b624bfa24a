import { removeInstance } from "../machines/instance.ts";
import type { PreparedLab } from "../machines/lab.ts";
import { removeDisk } from "../machines/mounts.ts";
import { ensureDataDisk } from "./disks.ts";
import type { Fabric, NetworkFacts } from "../fabric/fabric.ts";
import { dataDisk, machinePlace } from "./layout.ts";
import { changeMachine, machineState, makeMachine } from "./machines.ts";
import { applyNetworkFacts, checkNetworkFacts } from "./network.ts";
import { labWorker } from "./open-lab.ts";
import { keepNetworkFacts, readNetworkFacts } from "./restore.ts";

/**
 * Azure's links, rules, disks and machines as those of this host: bridges, nftables, loop files and system containers of
 * the lab's own Incus. The host is prepared when something is first asked for that needs it.
 *
 * @param tell what is being prepared, for a person to read
 */
export function openFabric(tell: (detail: string) => void = quiet): Promise<Fabric> {
  const { always, whereThereIsOne } = labWorker(tell);
  return Promise.resolve({
    applyNetwork: async (facts) => {
      const work = (lab: PreparedLab): Promise<void> => applyNetwork(lab, facts);
      await (isEmpty(facts) ? whereThereIsOne(work) : always(work));
    },
    ensureDisk: (disk) => always((lab) => ensureDataDisk(lab, disk, tell)),
    removeDisk: async (id) => {
      await whereThereIsOne((lab) => removeDisk(dataDisk(lab.facts.id, lab.incusFiles, id)));
    },
    createMachine: (machine, context) =>
      always(async (lab) => makeMachine(lab, await factsInEffect(lab), machine, context)),
    updateMachine: (machine, context) => always((lab) => changeMachine(lab, machine, context)),
    findMachine: (id) => whereThereIsOne((lab) => machineState(lab, id)),
    removeMachine: async (id) => {
      await whereThereIsOne((lab) => removeInstance(lab, machinePlace(lab.facts.id, id)));
    },
  });
}

// Kept before it is done: what a kill leaves half done, the next call brings to where it was to be.
async function applyNetwork(lab: PreparedLab, facts: NetworkFacts): Promise<void> {
  await checkNetworkFacts(lab, facts);
  await keepNetworkFacts(lab, facts);
  await applyNetworkFacts(lab, facts);
}

async function factsInEffect(lab: PreparedLab): Promise<NetworkFacts> {
  const nothing = { networks: [], securityGroups: [], publicAddresses: [], natGateways: [], interfaces: [] };
  return (await readNetworkFacts(lab)) ?? nothing;
}

function isEmpty(facts: NetworkFacts): boolean {
  return Object.values(facts).every((list: readonly unknown[]) => list.length === 0);
}

function quiet(): void {
  // Nobody wants to hear.
}
