import { copyFile, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../../scripts/lib/atomic.ts";
import { internetAddresses } from "../internet/addresses.ts";
import type { Estate } from "./estate.ts";
import { publishAddress } from "./network-block.ts";
import { mergeSettings } from "./settings.ts";
import type { LabSettings } from "./settings.ts";

/** What the lab's Docker daemon is. */
export interface LabDaemon {
  /** As DOCKER_HOST names it. */
  readonly host: string;
  readonly cgroupDriver: "systemd" | "cgroupfs";
}

/** Writes the estate's copies of project file and settings from those of the checkout, which stays as it is. */
export async function prepareFiles(estate: Estate, checkout: string, daemon: LabDaemon): Promise<void> {
  await copyFile(join(checkout, "Pulumi.yaml"), estate.files.project);
  await writeFileAtomic(estate.files.settings, await nextSettings(estate, checkout, daemon), 0o600);
}

/** The settings file as the next run will write it. */
export async function nextSettings(estate: Estate, checkout: string, daemon: LabDaemon): Promise<string> {
  const committed = join(checkout, `Pulumi.${estate.stack}.yaml`);
  const former = await readFile(estate.files.settings, "utf8").catch(() => undefined);
  return mergeSettings(await readFile(committed, "utf8"), former, labSettings(estate, daemon), basename(committed));
}

/** What the lab decides instead of the committed settings. */
export function labSettings(estate: Estate, daemon: LabDaemon): LabSettings {
  return {
    "garrison:lab": true,
    "garrison:machine": estate.stack,
    "garrison:estate": estate.id,
    "garrison:docker": { host: daemon.host, cgroupDriver: daemon.cgroupDriver },
    "garrison:resources": estate.resources,
    "garrison:network": estate.network,
    "garrison:resolvers": [internetAddresses.resolver],
    "garrison:publish": { address: publishAddress(estate.network) },
    "garrison:imagesLock": estate.files.imagesLock,
  };
}
