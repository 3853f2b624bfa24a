import { stringify } from "yaml";
import { checkout } from "#helpers/files/directories.ts";
import { problem } from "#helpers/terminal/report.ts";
import {
  ensurePool,
  findInstance,
  removeInstance,
  setConfig,
  startInstance,
  stopInstance,
} from "../machines/instance.ts";
import { instanceRequest, limits, marks } from "../machines/instance-request.ts";
import type { Device } from "../machines/instance-request.ts";
import type { PreparedLab } from "../machines/lab.ts";
import { capSize, describeScale, largestSize, machineSpecs } from "../machines/machine-spec.ts";
import type { MachineSize } from "../machines/machine-spec.ts";
import { diskOf, mountDisk } from "../machines/mounts.ts";
import { registryDevice } from "../machines/registry-device.ts";
import type { FabricContext, MachineFact, MachineState, NetworkFacts } from "../fabric/fabric.ts";
import { azureInstances } from "./instances.ts";
import { attachDevices, diskDevices } from "./disks.ts";
import { bridgeOf, machinePlace } from "./layout.ts";
import { bridgesAreFiltered, judgeNeighbours } from "./neighbours.ts";

/**
 * Makes a virtual machine and starts it. What is there under its id was begun by a call that did not come to its end, and
 * is removed first.
 */
export async function makeMachine(
  lab: PreparedLab,
  facts: NetworkFacts,
  machine: MachineFact,
  { signal, tell }: FabricContext,
): Promise<void> {
  const { incus, incusFiles } = lab;
  const place = machinePlace(lab.facts.id, machine.id);
  const eth0 = await nic(lab, facts, machine);
  const devices = {
    eth0,
    ...(await registryDevice()),
    ...(await diskDevices(lab, machine.dataDisks)),
  };
  const size = await sizeHere(lab, machine, tell);
  await removeInstance(lab, place);
  signal.throwIfAborted();
  const disk = diskOf(incusFiles, place.pool);
  await mountDisk(disk, size.diskGiB);
  await ensurePool(incus, place, disk.pool);
  tell("unpacking the image");
  const request = {
    lab: lab.facts.id,
    image: lab.image,
    hostName: machine.computerName,
    ...(machine.customData === undefined ? {} : { userData: machine.customData }),
    ...seedOf(machine),
    size,
    devices,
    marks: { [marks.azure]: machine.id, [marks.disks]: JSON.stringify(machine.dataDisks) },
  };
  await incus.change("POST", "/1.0/instances", instanceRequest(place, request));
  signal.throwIfAborted();
  tell("starting");
  await startInstance(incus, place);
  await judgeNeighbours(eth0.network);
  // The seed is inside now; what Incus keeps must not hold a key any longer.
  await setConfig(incus, place, { "cloud-init.user-data": "", [marks.ready]: "true" });
}

/** What Azure's platform tells cloud-init: the administrator that its `default` user is, and who may log in as him. */
function seedOf({ adminUsername, adminKeys }: MachineFact): { vendorData: string; metaData: string } {
  const administrator = {
    name: adminUsername,
    gecos: "",
    shell: "/bin/bash",
    groups: ["sudo"],
    sudo: ["ALL=(ALL) NOPASSWD:ALL"],
    lock_passwd: true,
  };
  return {
    vendorData: `#cloud-config\n${stringify({ system_info: { default_user: administrator }, ssh_pwauth: false })}`,
    metaData: `public-keys: ${JSON.stringify(adminKeys)}`,
  };
}

/** Gives a machine that is there its new size and disks, without a restart. */
export async function changeMachine(
  lab: PreparedLab,
  machine: MachineFact,
  { tell }: Pick<FabricContext, "tell">,
): Promise<void> {
  const size = await sizeHere(lab, machine, tell);
  const place = machinePlace(lab.facts.id, machine.id);
  await setConfig(lab.incus, place, { ...limits(size), [marks.disks]: JSON.stringify(machine.dataDisks) });
  await attachDevices(lab, place);
}

export async function machineState(lab: PreparedLab, id: string): Promise<MachineState | undefined> {
  const found = await findInstance(lab.incus, machinePlace(lab.facts.id, id));
  // One without the mark was begun by a call that did not come to its end: Azure has no such machine.
  if (found?.config[marks.ready] !== "true") return undefined;
  return found.status === "Running" ? "running" : "stopped";
}

/** Starts those that are whole and do not run, and with `again` those that do. */
export async function startMachines(lab: PreparedLab, again: boolean): Promise<void> {
  for (const { id, status, ready, bridge } of await azureInstances(lab)) {
    const place = machinePlace(lab.facts.id, id);
    if (!ready || (status === "Running" && !again)) continue;
    if (status !== "Stopped") await stopInstance(lab.incus, place);
    await startInstance(lab.incus, place);
    if (bridge !== undefined) await judgeNeighbours(bridge);
  }
}

async function sizeHere(lab: PreparedLab, machine: MachineFact, tell: FabricContext["tell"]): Promise<MachineSize> {
  const asked = { memoryMiB: machine.size.memoryMiB, cpus: machine.size.cpus, diskGiB: machine.osDiskGiB };
  const size = capSize(asked, largestSize(await machineSpecs(checkout), lab.facts.capacity));
  tell(describeScale(machine.computerName, asked, size));
  return size;
}

async function nic(
  lab: PreparedLab,
  facts: NetworkFacts,
  { id, interfaces }: MachineFact,
): Promise<Device & { readonly network: string }> {
  const [only, ...others] = interfaces;
  const found = facts.interfaces.find((one) => one.id === only);
  const subnet = facts.networks.flatMap(({ subnets }) => subnets).find((one) => one.id === found?.subnet);
  if (found === undefined || subnet === undefined || others.length > 0) {
    throw problem("The lab cannot make such a virtual machine", {
      property: id,
      found: others.length > 0 ? `${interfaces.length} interfaces` : `the interface ${only ?? ""}, which is not there`,
      expected: "one interface: a lab's machine has one link",
    });
  }
  return {
    type: "nic",
    name: "eth0",
    network: bridgeOf(lab.facts.id, subnet).name,
    hwaddr: found.mac,
    "ipv4.address": found.address,
    "security.port_isolation": String(!(await bridgesAreFiltered())),
  };
}
