import { createHash } from "node:crypto";
import { formatBlock, host, parseBlock } from "#components/network/address.ts";
import type { Bridge } from "../machines/bridges.ts";
import { diskOf } from "../machines/mounts.ts";
import type { Disk } from "../machines/mounts.ts";
import { azureNames } from "../machines/layout.ts";
import type { InstancePlace } from "../machines/layout.ts";
import type { IncusFiles } from "../machines/paths.ts";
import type { SubnetFact } from "../fabric/fabric.ts";

/** At most 15 characters are a link's name, and eight of them the lab's id. */
const hashLength = 5;
const longestName = 40;

/** The bridge of a subnet. Its gateway has the first address, as in Azure. */
export function bridgeOf(lab: string, { id, prefix }: Pick<SubnetFact, "id" | "prefix">): Bridge {
  const block = parseBlock(prefix);
  return {
    name: `${azureNames(lab).bridges}${shortHash(id)}`,
    gateway: `${host(block, 1)}/${formatBlock(block).split("/")[1] ?? ""}`,
  };
}

/** The instance of a virtual machine: named so that it is told from others of the same name in other groups. */
export function machinePlace(lab: string, id: string): InstancePlace {
  const name = lastPart(id);
  const readable = name.replaceAll(/[^a-z0-9-]/g, "-").slice(0, longestName);
  // The hash comes first: no instance's name begins with another's.
  const instance = `${lab}-vm-${shortHash(id)}-${readable}`.replace(/-+$/, "");
  return { name, instance, pool: instance };
}

/** The volume of a managed disk. */
export function dataDisk(lab: string, files: IncusFiles, id: string): Disk {
  return diskOf(files, `${azureNames(lab).disks}${shortHash(id, 10)}`);
}

/** The name at the end of an Azure id. */
export function lastPart(id: string): string {
  return id.split("/").at(-1) ?? id;
}

function shortHash(id: string, length = hashLength): string {
  const number = createHash("sha256").update(id.toLowerCase()).digest().readBigUInt64BE();
  return number.toString(36).padStart(length, "0").slice(-length);
}
