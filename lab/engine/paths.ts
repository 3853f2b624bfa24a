import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { pulumiVersion } from "./versions.ts";

const checkout = resolve(import.meta.dirname, "../..");

/** `${XDG_CACHE_HOME:-~/.cache}/garrison`: what can be made again, shared by every checkout of this user. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME;
  // The specification says that a relative path is to be ignored, as is an empty one.
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "garrison");
}

/** Where the Pulumi command line of the pinned version is cached after it was built or downloaded. */
export function pulumiCacheFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDirectory(environment), "pulumi", `v${pulumiVersion}`, "bin", "pulumi");
}

/** The lab's engine of a checkout. Its launchers point into the checkout, so two checkouts must not share it. */
export function engineDirectory(environment: NodeJS.ProcessEnv = process.env, directory = checkout): string {
  const id = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  return join(cacheDirectory(environment), "engine", id);
}
