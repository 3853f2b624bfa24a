import { azure } from "./azure-types.ts";
import { commandType } from "./command-texts.ts";
import type { Resource } from "./resource.ts";
import type { Settings } from "./settings.ts";
import { type } from "./types.ts";

/** Properties of a container that `docker inspect` shows to everyone who may ask the daemon. */
export const SHOWN_BY_INSPECT = ["envs", "labels", "command", "entrypoints", "healthcheck"] as const;
/** Properties of a command that a rule of their own judges. */
export const OF_COMMANDS = ["create", "update", "delete", "environment", "triggers", "stdin", "interpreter"] as const;

export const BUILT_IMAGE = "docker:index/image:Image";

/** Properties that `secret.in-environment` or `secret.in-command` judge, by type: one finding is enough. */
export const JUDGED_ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  [type.container, SHOWN_BY_INSPECT],
  [type.remoteImage, ["build"]],
  [BUILT_IMAGE, ["build"]],
  [type.service, ["taskSpec"]],
  [commandType.local, OF_COMMANDS],
  [commandType.remote, OF_COMMANDS],
]);

/** Whether a property is made to hold a secret, whatever its name. */
export function isMadeForSecrets({ type: token }: Resource, path: string): boolean {
  return token === azure.vaultSecret && (path === "properties.value" || path === "value");
}

/** Whether a value, or what it is in, is marked as secret. */
export function isMarkedSecret({ secrets }: Resource, path: string): boolean {
  if (secrets.size === 0) return false;
  if (secrets.has(path) || secrets.has("")) return true;
  for (let end = path.lastIndexOf("."); end > 0; end = path.lastIndexOf(".", end - 1)) {
    if (secrets.has(path.slice(0, end))) return true;
  }
  return false;
}

/** Whether the pack's settings say that a value, or what is at a path, is none. */
export function isNotSecret({ notSecret }: Settings, { name }: Resource, path: string, value: string): boolean {
  if (notSecret.length === 0) return false;
  return notSecret.includes(value) || notSecret.includes(`${name}:${path}`);
}
