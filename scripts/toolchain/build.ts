import { resolve } from "node:path";
import { pulumiVersion } from "#helpers/pulumi/versions.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { requireGo } from "./go.ts";
import { buildGoProgram } from "./go-module.ts";
import type { GoProgram } from "./go-module.ts";

const commandLine: GoProgram = {
  name: "Pulumi",
  directory: resolve(import.meta.dirname, "../../lab/engine/cli"),
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  flags: [
    "-trimpath",
    "-buildvcs=false",
    "-tags",
    "osusergo,grpcnotrace",
    "-ldflags",
    `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
  ],
  oldestGo: [1, 25, 11],
  unbuildable: "Pulumi can neither be downloaded nor built here",
  otherwise: ", or install Pulumi itself",
};

/** Builds the command line from its Go modules: the way left where Pulumi's releases cannot be downloaded. */
export async function buildCli(file: string, reason: string): Promise<void> {
  const go = await requireGo(commandLine);
  console.error(
    `  ${reason}.\n  So the Pulumi command line ${pulumiVersion} is built from its Go modules with ${go.version}. ` +
      `This takes about 5 minutes on two processors,\n  once: the result is kept in the cache.`,
  );
  await withProgress(`Building Pulumi ${pulumiVersion}`, (progress) => buildGoProgram(commandLine, go, file, progress));
}
