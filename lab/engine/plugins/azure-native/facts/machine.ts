import type { MachineFact } from "@garrison/fabric/fabric.ts";
import { findSize } from "../compute/sizes.ts";
import type { Entry } from "../core/state.ts";
import { list, number, text } from "../core/values.ts";

/** Azure's images of Ubuntu and Debian. */
const imageGiB = 30;

/** @param customData Base64, as the program gives it; the state does not have it */
export function machineFact({ id, inputs }: Pick<Entry, "id" | "inputs">, customData?: string): MachineFact {
  const size = findSize(text(inputs, "hardwareProfile", "vmSize") ?? "");
  if (size === undefined) throw new Error(`${id} has a size that the lab does not know`);
  const keys = list(inputs, "osProfile", "linuxConfiguration", "ssh", "publicKeys");
  return {
    id: id.toLowerCase(),
    computerName: text(inputs, "osProfile", "computerName") ?? "",
    adminUsername: text(inputs, "osProfile", "adminUsername") ?? "",
    adminKeys: keys.map((key) => text(key, "keyData")?.trim() ?? ""),
    ...(customData === undefined ? {} : { customData: Buffer.from(customData, "base64").toString("utf8") }),
    size: { name: size.name, memoryMiB: size.memoryGiB * 1024, cpus: size.cpus },
    osDiskGiB: number(inputs, "storageProfile", "osDisk", "diskSizeGB") ?? imageGiB,
    dataDisks: list(inputs, "storageProfile", "dataDisks").map((disk) => ({
      lun: number(disk, "lun") ?? 0,
      disk: (text(disk, "managedDisk", "id") ?? "").toLowerCase(),
    })),
    interfaces: list(inputs, "networkProfile", "networkInterfaces").map((one) => (text(one, "id") ?? "").toLowerCase()),
  };
}
