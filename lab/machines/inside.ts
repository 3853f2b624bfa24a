import { z } from "zod";
import type { Incus } from "./incus.ts";

const stateSchema = z.object({ pid: z.number() });

/**
 * The words that run a command inside a machine as root, without asking anything of it: neither sshd, nor a key, nor its
 * network. Incus' own way in fails now and then on a busy host.
 *
 * @returns undefined where the machine does not run
 */
export async function insideMachine(
  incus: Incus,
  instance: string,
  command: readonly string[],
): Promise<readonly [string, ...string[]] | undefined> {
  const state = await incus.find(`/1.0/instances/${instance}/state`, stateSchema);
  if (state === undefined || state.pid <= 0) return undefined;
  return ["nsenter", "--target", String(state.pid), "--all", "--", ...command];
}

/** A login shell of root's, or a command in the place of it, as ssh would take it. Nothing of this environment goes along. */
export function rootShell(words: readonly string[], terminal = "dumb"): string[] {
  const environment = ["env", "-i", "HOME=/root", "USER=root", "LOGNAME=root", `TERM=${terminal}`];
  // Not `su`: it would wait for a session that the machine does not give to somebody from outside.
  return [...environment, "bash", "--login", ...(words.length === 0 ? [] : ["-c", words.join(" ")])];
}
