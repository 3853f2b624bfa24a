import { join } from "node:path";
import { cacheDirectory } from "../files/directories.ts";
import { pulumiVersion } from "./versions.ts";

/** Where the Pulumi command line of the pinned version is cached after it was built or downloaded. */
export function pulumiCacheFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(cacheDirectory(environment), "pulumi", `v${pulumiVersion}`, "bin", "pulumi");
}
