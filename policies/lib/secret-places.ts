import { azure } from "./azure-types.ts";
import { commandType } from "./command-texts.ts";
import type { Resource } from "./resource.ts";
import type { Settings } from "./settings.ts";
import { type } from "./types.ts";

/** Properties of a command that a rule of their own judges. */
export const OF_COMMANDS = ["create", "update", "delete", "environment", "triggers", "stdin", "interpreter"] as const;

const OF_BUILDS = ["buildArgs", "buildArg", "labels", "label"].map((name) => `build.${name}`);
const OF_TASKS = ["env", "labels", "args", "commands", "healthcheck"].map((name) => `taskSpec.containerSpec.${name}`);

/** Properties that `docker inspect` shows of a container, or that stay in an image, by type and as paths. */
export const SHOWN_BY_DOCKER: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  [type.container, ["envs", "labels", "command", "entrypoints", "healthcheck"]],
  [type.remoteImage, OF_BUILDS],
  [type.registryImage, OF_BUILDS],
  [type.image, ["build.args"]],
  [type.buildImage, ["buildArgs", "labels", "annotations"]],
  [type.service, ["labels", ...OF_TASKS]],
]);

/** Properties that `secret.in-environment` or `secret.in-command` judge, by type: one finding is enough. */
const JUDGED_ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...SHOWN_BY_DOCKER,
  [commandType.local, OF_COMMANDS],
  [commandType.remote, OF_COMMANDS],
]);

/** Properties that hold nothing but secrets: of container apps, of container groups and of Workers. */
const OF_AZURE = /(?:^|\.)(?:secrets\.\d+\.value|secureValue|secureEnvironmentVariables\.[^.]+)$/;
const OF_CLOUDFLARE = /(?:^|\.)(?:secretText|secretTextBindings\.\d+\.text|secrets\.[^.]+)$/;
/** What a Worker or a Pages project is given, which says itself what kind it is. */
const TYPED = /\.(?:text|value)$/;

/** Whether a property is made to hold a secret, whatever its name. */
export function isMadeForSecrets({ type: token, properties }: Resource, path: string): boolean {
  if (token === type.swarmSecret) return path === "data";
  if (token === type.buildImage) return path.startsWith("secrets.");
  if (token === azure.vaultSecret) return path === "properties.value" || path === "value";
  if (token.startsWith("azure")) return OF_AZURE.test(path);
  if (!token.startsWith("cloudflare:")) return false;
  if (OF_CLOUDFLARE.test(path)) return true;
  if (!TYPED.test(path)) return false;
  const holder = path.split(".").slice(0, -1);
  return holder.reduce((one, name) => one.object(name), properties).text("type") === "secret_text";
}

/** Whether another rule about secrets judges what is at the path. */
export function isJudgedElsewhere({ type: token }: Resource, path: string): boolean {
  const places = JUDGED_ELSEWHERE.get(token) ?? [];
  return places.some((place) => path === place || path.startsWith(`${place}.`));
}

/** Whether a value, or what it is in, is marked as secret. */
export function isMarkedSecret(resource: Resource, path: string): boolean {
  return markOn(resource, path) !== undefined;
}

/** Path of what is marked as secret: the value itself, or what it is in. */
export function markOn({ secrets }: Resource, path: string): string | undefined {
  if (secrets.size === 0) return undefined;
  if (secrets.has(path)) return path;
  for (let end = path.lastIndexOf("."); end > 0; end = path.lastIndexOf(".", end - 1)) {
    if (secrets.has(path.slice(0, end))) return path.slice(0, end);
  }
  return secrets.has("") ? "" : undefined;
}

/** Whether the pack's settings say that a value, or what is at a path, is none. */
export function isNotSecret({ notSecret }: Settings, { name }: Resource, path: string, value: string): boolean {
  if (notSecret.length === 0) return false;
  return notSecret.includes(value) || notSecret.includes(`${name}:${path}`);
}
