import { existsSync } from "node:fs";
import { GVISOR } from "#components/container/gvisor.ts";
import { pulumiCacheFile } from "#helpers/pulumi/command-line.ts";
import { pulumiVersion } from "#helpers/pulumi/versions.ts";
import { pingDocker } from "#helpers/docker/ping.ts";
import { firstExecutable, systemPath } from "#helpers/programs/executable.ts";
import { findOnPath } from "../toolchain/on-path.ts";

/** Says that Pulumi is going to be brought; empty when it is there. */
export async function missingPulumi(): Promise<readonly string[]> {
  if (existsSync(pulumiCacheFile()) || (await findOnPath()) !== undefined) return [];
  return [
    `Pulumi ${pulumiVersion}: downloaded, or where that is not possible built from its Go modules ` +
      "(about 5 minutes, with Go where that is missing or too old), into the cache of this user",
  ];
}

/** Says that a daemon is going to be brought, and gVisor, which agents run under; empty when both are there. */
export async function missingDocker(): Promise<readonly string[]> {
  const { version, address } = await pingDocker();
  const gvisor = await firstExecutable(systemPath(), GVISOR);
  return [
    ...(version === undefined ? [`a Docker daemon (none answers at ${address})`] : []),
    ...(gvisor === undefined ? [`gVisor (${GVISOR}), which agents run under`] : []),
  ];
}
