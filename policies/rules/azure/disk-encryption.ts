import { disk, machine, of } from "#lib/azure-examples.ts";
import { profileOf } from "#lib/azure-resources.ts";
import { azure } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

const image = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.04.202511010" };
const vhd = { uri: "https://example.blob.core.windows.net/disks/example.vhd" };

export const rule: Rule = {
  id: "azure.disk-encryption",
  title: "Every disk is a managed one, and nobody switches its encryption off.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A managed disk is always encrypted at rest; a blob used as a disk, or one decrypted on purpose, may not be.",
  fix: "Use `managedDisk` instead of `vhd`, and remove the encryption setting that is false.",
  waivable: "by-configuration",
  types: [azure.machine, azure.disk, azure.snapshot],
  check: (resource) => {
    if (resource.type !== azure.machine) return switchedOff(resource.properties, "encryptionSettingsCollection");
    const storage = profileOf(resource).object("storageProfile");
    const system = storage.object("osDisk");
    return [
      ...switchedOff(system, "encryptionSettings"),
      ...[system, ...storage.objects("dataDisks")].flatMap((one) => unmanaged(one)),
    ];
  },
  examples: {
    good: [of("A managed disk", disk("eg-disk")), of("A machine on managed disks", machine("eg-machine"))],
    bad: [
      of("Encryption switched off", disk("eb-disk", { encryptionSettingsCollection: { enabled: false } })),
      of(
        "A blob as the system's disk",
        machine("eb-blob", { storageProfile: { imageReference: image, osDisk: { createOption: "FromImage", vhd } } }),
      ),
      of(
        "A blob as a data disk",
        machine("eb-data", {
          storageProfile: {
            imageReference: image,
            osDisk: { createOption: "FromImage" },
            dataDisks: [{ createOption: "Empty", lun: 0, vhd }],
          },
        }),
      ),
      of(
        "The system's disk decrypted",
        machine("eb-off", {
          storageProfile: {
            imageReference: image,
            osDisk: { createOption: "FromImage", encryptionSettings: { enabled: false } },
          },
        }),
      ),
    ],
  },
};

function switchedOff(properties: Properties, name: string): Finding[] {
  const settings = properties.object(name);
  if (settings.flag("enabled") !== false) return [];
  return [{ property: settings.path("enabled"), found: "false", expected: "true, or nothing" }];
}

function unmanaged(one: Properties): Finding[] {
  if (one.get("vhd") === undefined) return [];
  return [{ property: one.path("vhd"), found: "a blob used as a disk", expected: "a managed disk" }];
}
