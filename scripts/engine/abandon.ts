import { existsSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { estateCgroups } from "./cgroups.ts";
import { labelledObjects, removeObjects } from "./orphans.ts";

const units = "/etc/systemd/system";

/**
 * Removes what the engine would, for an estate whose state no engine can go on with: by the estate's label, data volumes
 * included, because the secrets that open them are in that state.
 */
export async function abandon(estate: string, docker: Docker, say: (line: string) => void): Promise<void> {
  const objects = await labelledObjects(docker, estate);
  say(`No engine can go on with the state: removing ${String(objects.length)} things by the estate's label`);
  await removeObjects(docker, objects);
  await removeSlices(estate);
  // With their containers the groups are empty; one that is not is for the look afterwards to tell.
  for (const path of await estateCgroups(estate)) await rmdir(path).catch(() => undefined);
}

/** Where systemd drives the control groups they are units of its own. */
async function removeSlices(estate: string): Promise<void> {
  if (!existsSync(units)) return;
  const own = (await readdir(units)).filter(
    (name) => name.startsWith(`garrison-${estate}-`) && name.endsWith(".slice"),
  );
  for (const name of own) {
    await execa("systemctl", ["stop", name], { reject: false });
    await rm(join(units, name), { force: true });
  }
  if (own.length > 0) await execa("systemctl", ["daemon-reload"], { reject: false });
}
