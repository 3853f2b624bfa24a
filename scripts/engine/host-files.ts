import { existsSync } from "node:fs";
import { z } from "zod";
import { openState, outputsOf, runRecorded } from "./recorded-commands.ts";
import type { Session } from "./session.ts";
import { readState } from "./state.ts";
import type { EngineState } from "./state.ts";

const filesType = "garrison:files:HostFiles";
const filesSchema = z.object({ files: z.array(z.string()) });

/** Files of the estate's services that are not on this host: they lie in memory, and a reboot empties it. */
export function missingFiles(state: EngineState): string[] {
  return outputsOf(state, filesType, filesSchema).flatMap(({ files }) => files.filter((file) => !existsSync(file)));
}

/**
 * Delivers the files again that are gone, from what the state keeps. Where there is systemd a unit has done it before
 * Docker started; containers that came up without their files are started again by the deployment that follows.
 */
export async function refillFiles(session: Session, again: string): Promise<void> {
  const { files, stack } = session.estate;
  if (missingFiles(await readState(files, stack)).length === 0) return;
  console.error("  The files of the containers are gone, as after a reboot: delivering them again");
  await runRecorded(await openState(session), filesType, {
    title: "The containers' files cannot be delivered",
    expected: "files as the estate has them",
    again,
  });
}
