import type { AzureType } from "../core/azure-type.ts";
import { sameId } from "../core/ids.ts";
import { ArmError } from "../core/problems.ts";
import { at, list, number, text } from "../core/values.ts";

/** 32 TiB less one: the largest that Azure has of any kind. */
const largestGiB = 32_767;

const otherSources = [
  "elasticSanResourceId",
  "galleryImageReference",
  "imageReference",
  "performancePlus",
  "provisionedBandwidthCopySpeed",
  "securityDataUri",
  "sourceResourceId",
  "sourceUri",
  "storageAccountId",
  "uploadSizeBytes",
];

/** Microsoft.Compute 2024-03-02, disk.json. */
export const disk: AzureType = {
  token: "azure-native:compute:Disk",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/disks/{diskName}",
  name: { pattern: /^\w[\w-]{0,79}$/, expected: "1 to 80 letters, digits, underscores and hyphens" },
  takes: [
    "creationData",
    "diskSizeGB",
    "encryption",
    "location",
    "networkAccessPolicy",
    "publicNetworkAccess",
    "sku",
    "tags",
    "zones",
  ],
  refuses: {
    ...Object.fromEntries(otherSources.map((name) => [`creationData.${name}`, "the lab makes empty disks only"])),
    "encryption.diskEncryptionSetId": "the lab has no keys of its own for disks",
  },
  // The official plugin learns these from the specification: they can be given at creation only.
  replaces: ["creationData", "location"],
  fixed: { zones: "PropertyChangeNotAllowed" },
  regional: true,
  effect: "disk",
  check: ({ inputs, problems }) => {
    const option = text(inputs, "creationData", "createOption");
    if (option !== undefined && option !== "Empty") {
      problems.add("creationData.createOption", option, "Empty: the lab makes no other disks");
    }
    const size = number(inputs, "diskSizeGB");
    if (inputs.diskSizeGB === undefined) problems.add("diskSizeGB", "missing", "its size in GiB");
    if (size !== undefined && !(Number.isInteger(size) && size >= 1 && size <= largestGiB)) {
      problems.add("diskSizeGB", String(size), `a whole number from 1 to ${String(largestGiB)}`);
    }
    const sector = number(inputs, "creationData", "logicalSectorSize");
    if (sector !== undefined && sector !== 512 && sector !== 4096) {
      problems.add("creationData.logicalSectorSize", String(sector), "512 or 4096");
    }
    if (list(inputs, "zones").length > 1) problems.add("zones", "several", "one zone, or none");
  },
  admit: ({ id, inputs, before }, state) => {
    const [now, request] = [number(before?.inputs, "diskSizeGB") ?? 0, number(inputs, "diskSizeGB") ?? 0];
    if (request < now) {
      throw new ArmError(
        undefined,
        `diskSizeGB of ${id} is ${String(request)}; expected ${String(now)} or more: a disk only grows`,
      );
    }
    const holder = state
      .ofType("Microsoft.Compute/virtualMachines")
      .find((machine) =>
        list(machine.inputs, "storageProfile", "dataDisks").some((attached) =>
          sameId(text(attached, "managedDisk", "id") ?? "", id),
        ),
      );
    if (before !== undefined && request > now && holder !== undefined) {
      throw new ArmError("OperationNotAllowed", `${id} cannot grow while ${holder.id} has it; detach it first`);
    }
  },
  outputs: ({ inputs }) => ({
    diskSizeBytes: (number(inputs, "diskSizeGB") ?? 0) * 2 ** 30,
    diskState: "Unattached",
    sku: at(inputs, "sku") ?? { name: "Standard_LRS" },
  }),
};
