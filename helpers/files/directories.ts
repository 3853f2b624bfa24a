import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The checkout that all of this is run from. */
export const checkout = resolve(import.meta.dirname, "../..");

/** `${XDG_CACHE_HOME:-~/.cache}/garrison`: what can be made again, shared by every checkout of this user. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(base(environment.XDG_CACHE_HOME, ".cache"), "garrison");
}

/** `${XDG_STATE_HOME:-~/.local/state}/garrison`: what must not be lost, one directory an estate. */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(base(environment.XDG_STATE_HOME, join(".local", "state")), "garrison");
}

/** The specification says that a relative path is to be ignored, as is an empty one. */
function base(asked: string | undefined, otherwise: string): string {
  return asked !== undefined && isAbsolute(asked) ? asked : join(homedir(), otherwise);
}
