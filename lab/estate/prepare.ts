import { copyFile, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeFileAtomic } from "#helpers/files/atomic.ts";
import { internetAddresses } from "../internet/addresses.ts";
import { ensureAuthority } from "../internet/authority.ts";
import { internetDirectory } from "../internet/ensure.ts";
import type { Estate } from "./estate.ts";
import { publishAddress } from "./network-block.ts";
import { mergeSettings } from "./settings.ts";
import type { LabSettings } from "./settings.ts";

/** What the lab's Docker daemon is. */
export interface LabDaemon {
  /** As DOCKER_HOST names it. @default the stack makes its machine itself */
  readonly host?: string;
  readonly cgroupDriver: "systemd" | "cgroupfs";
  /** What the lab decides beyond that, where the daemon is on a machine of the lab. @default nothing */
  readonly settings?: LabSettings;
}

/**
 * Writes the estate's copies of project file and settings from those of the checkout, which stays as it is, and what the
 * policy pack has to know of them: no program can tell it by itself which name servers are the lab's.
 */
export async function prepareFiles(estate: Estate, checkout: string, daemon: LabDaemon): Promise<void> {
  await copyFile(join(checkout, "Pulumi.yaml"), estate.files.project);
  await writeFileAtomic(estate.files.settings, await nextSettings(estate, checkout, daemon), 0o600);
  const resolvers = labSettings(estate, daemon)["garrison:resolvers"];
  await writeFileAtomic(estate.files.policies, JSON.stringify({ "pack.settings": { resolvers } }), 0o600);
}

/** The settings file as the next run will write it. */
export async function nextSettings(estate: Estate, checkout: string, daemon: LabDaemon): Promise<string> {
  const committed = join(checkout, `Pulumi.${estate.stack}.yaml`);
  const former = await readFile(estate.files.settings, "utf8").catch(() => undefined);
  const lab = { ...labSettings(estate, daemon), "garrison:internetCa": await internetCertificate(estate) };
  return mergeSettings(await readFile(committed, "utf8"), former, lab, basename(committed));
}

/** The authority of the estate's lab internet is there before the internet itself is: programs are told to trust it. */
async function internetCertificate({ files }: Estate): Promise<string> {
  const directory = internetDirectory(files);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return (await ensureAuthority(directory)).certificate;
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
    ...daemon.settings,
  };
}
