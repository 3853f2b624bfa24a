import { randomUUID } from "node:crypto";
import type { AzureType, Reference, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { sameId } from "../core/ids.ts";
import { normalLocation } from "../core/location.ts";
import { ArmError } from "../core/problems.ts";
import { at, list, text } from "../core/values.ts";
import { checkMachine } from "./machine-checks.ts";
import { findSize } from "./sizes.ts";

const linuxOnly = "the lab's machines are Linux";
const noControllers = "a lab's machine has file systems, and no controllers";
const noSuchDisks = "the lab attaches disks that are resources of their own";

/** Microsoft.Compute 2024-11-01, virtualMachine.json. */
export const virtualMachine: AzureType = {
  token: "azure-native:compute:VirtualMachine",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}",
  name: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/,
    expected: "1 to 64 letters, digits and hyphens, beginning and ending with a letter or digit",
  },
  takes: [
    "diagnosticsProfile",
    "hardwareProfile",
    "location",
    "networkProfile",
    "osProfile",
    "securityProfile",
    "storageProfile",
    "tags",
    "zones",
  ],
  refuses: {
    "hardwareProfile.vmSizeProperties": "a machine has what its size has",
    "networkProfile.networkApiVersion": "interfaces are resources of their own here",
    "networkProfile.networkInterfaceConfigurations": "interfaces are resources of their own here",
    "osProfile.adminPassword": "the lab's machines admit keys only",
    "osProfile.secrets": "the lab has no certificates to install",
    "osProfile.windowsConfiguration": linuxOnly,
    "securityProfile.encryptionIdentity": "the lab encrypts no disks",
    "securityProfile.proxyAgentSettings": "the lab's machines have no agent of Azure's",
    "storageProfile.alignRegionalDisksToVMZone": "the lab has no regional disks",
    "storageProfile.dataDisks.detachOption": "a disk is detached when it is no longer listed",
    "storageProfile.dataDisks.managedDisk.diskEncryptionSet": "the lab encrypts no disks",
    "storageProfile.dataDisks.managedDisk.securityProfile": "the lab encrypts no disks",
    "storageProfile.dataDisks.toBeDetached": "a disk is detached when it is no longer listed",
    "storageProfile.dataDisks.writeAcceleratorEnabled": noControllers,
    "storageProfile.diskControllerType": noControllers,
    "storageProfile.osDisk.managedDisk.diskEncryptionSet": "the lab encrypts no disks",
    "storageProfile.osDisk.managedDisk.id": "the lab makes the disk of an image",
    "storageProfile.osDisk.managedDisk.securityProfile": "the lab encrypts no disks",
    "storageProfile.osDisk.writeAcceleratorEnabled": noControllers,
    "storageProfile.dataDisks.diskSizeGB": noSuchDisks,
    "storageProfile.dataDisks.image": noSuchDisks,
    "storageProfile.dataDisks.name": noSuchDisks,
    "storageProfile.dataDisks.sourceResource": noSuchDisks,
    "storageProfile.dataDisks.vhd": noSuchDisks,
    "storageProfile.osDisk.diffDiskSettings": "the lab has no local disks",
    "storageProfile.osDisk.encryptionSettings": "the lab encrypts no disks",
    "storageProfile.osDisk.image": noSuchDisks,
    "storageProfile.osDisk.vhd": noSuchDisks,
  },
  replaces: ["location"],
  // The declarations say of each that it cannot be updated after the machine is created; Azure answers with this code.
  fixed: {
    // A running machine keeps its interfaces and the size of its own disk.
    "networkProfile.networkInterfaces.id": "OperationNotAllowed",
    "osProfile.adminUsername": "PropertyChangeNotAllowed",
    "osProfile.computerName": "PropertyChangeNotAllowed",
    "osProfile.customData": "PropertyChangeNotAllowed",
    "osProfile.linuxConfiguration.disablePasswordAuthentication": "PropertyChangeNotAllowed",
    "osProfile.linuxConfiguration.ssh": "PropertyChangeNotAllowed",
    "securityProfile.securityType": "PropertyChangeNotAllowed",
    "storageProfile.imageReference": "PropertyChangeNotAllowed",
    "storageProfile.osDisk.createOption": "PropertyChangeNotAllowed",
    "storageProfile.osDisk.diskSizeGB": "OperationNotAllowed",
    "storageProfile.osDisk.name": "PropertyChangeNotAllowed",
    zones: "PropertyChangeNotAllowed",
  },
  secrets: ["osProfile.customData"],
  regional: true,
  effect: "machine",
  check: checkMachine,
  references: (inputs) => [...interfaces(inputs), ...dataDisks(inputs)],
  admit: (wanted, state) => {
    refuseOtherPlace(wanted, state);
    refuseHeld(wanted, state);
    refuseAcceleration(wanted, state);
  },
  outputs: ({ before }) => ({
    // Another machine is another number, whatever its name.
    vmId: text(before?.outputs, "vmId") ?? randomUUID(),
    timeCreated: text(before?.outputs, "timeCreated") ?? new Date().toISOString(),
  }),
};

function interfaces(inputs: Wanted["inputs"]): readonly Reference[] {
  return list(inputs, "networkProfile", "networkInterfaces").flatMap((one, index) => {
    const id = text(one, "id");
    const property = `networkProfile.networkInterfaces[${String(index)}].id`;
    return id === undefined ? [] : [{ property, id, type: "Microsoft.Network/networkInterfaces" }];
  });
}

function dataDisks(inputs: Wanted["inputs"]): readonly Reference[] {
  return list(inputs, "storageProfile", "dataDisks").flatMap((one, index) => {
    const id = text(one, "managedDisk", "id");
    const property = `storageProfile.dataDisks[${String(index)}].managedDisk.id`;
    return id === undefined ? [] : [{ property, id, type: "Microsoft.Compute/disks" }];
  });
}

/** A machine and what it holds are in one region, and its disks in its zone. */
function refuseOtherPlace({ inputs }: Wanted, state: State): void {
  const [location, zone] = [text(inputs, "location") ?? "", text(inputs, "zones", 0)];
  for (const { property, id } of [...interfaces(inputs), ...dataDisks(inputs)]) {
    const used = state.find(id);
    const other = text(used?.inputs, "location") ?? location;
    if (normalLocation(other) !== normalLocation(location)) {
      throw new ArmError(undefined, `${property} is in ${other}; expected ${location}, where the machine is`);
    }
    const otherZone = text(used?.inputs, "zones", 0);
    if (used?.type === "Microsoft.Compute/disks" && otherZone !== zone) {
      throw new ArmError(
        undefined,
        `${property} is in ${zoneText(otherZone)}; expected ${zoneText(zone)}, as the machine`,
      );
    }
  }
}

function zoneText(zone: string | undefined): string {
  return zone === undefined ? "no zone" : `zone ${zone}`;
}

/** An interface and a disk belong to one machine at a time. */
function refuseHeld({ id, inputs }: Wanted, state: State): void {
  for (const { property, id: used, type } of [...interfaces(inputs), ...dataDisks(inputs)]) {
    const holder = state
      .ofType("Microsoft.Compute/virtualMachines")
      .find(
        (machine) =>
          !sameId(machine.id, id) &&
          [...interfaces(machine.inputs), ...dataDisks(machine.inputs)].some((other) => sameId(other.id, used)),
      );
    if (holder === undefined) continue;
    const code = type.endsWith("networkInterfaces") ? "NicInUse" : undefined;
    throw new ArmError(code, `${property} is ${used}, which ${holder.id} has`);
  }
}

function refuseAcceleration({ inputs }: Wanted, state: State): void {
  const size = findSize(text(inputs, "hardwareProfile", "vmSize") ?? "");
  if (size?.acceleratedNetworking !== false) return;
  const fast = interfaces(inputs).find(({ id }) => at(state.find(id)?.inputs, "enableAcceleratedNetworking") === true);
  if (fast) throw new ArmError(undefined, `${fast.id} has accelerated networking, which ${size.name} does not`);
}
