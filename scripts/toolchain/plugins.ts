import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { pluginVersions } from "../../lab/engine/versions.ts";
import { firstText } from "../lib/first-text.ts";
import { withProgress } from "../lib/progress.ts";
import { ProblemReport } from "../lib/report.ts";
import type { Problem } from "../lib/report.ts";

const installTimeoutMs = 600_000;

/** Lets the official command line fetch the plugins that are missing; every one that failed is reported at once. */
export async function installOfficialPlugins(pulumi: string, env: Readonly<Record<string, string>>): Promise<void> {
  const problems: Problem[] = [];
  for (const [name, version] of Object.entries(pluginVersions)) {
    if (isInstalled(name, version)) continue;
    const failure = await withProgress(`Fetching Pulumi's plugin ${name} ${version}`, () =>
      install(pulumi, env, name, version),
    );
    if (failure !== undefined) problems.push(failure);
  }
  if (problems.length > 0) throw new ProblemReport("Pulumi's plugins could not be fetched", problems);
}

async function install(
  pulumi: string,
  env: Readonly<Record<string, string>>,
  name: string,
  version: string,
): Promise<Problem | undefined> {
  const command = ["plugin", "install", "resource", name, version];
  const ended = await execa(pulumi, command, { env, reject: false, stdin: "ignore", timeout: installTimeoutMs });
  if (ended.exitCode === 0) return undefined;
  return {
    subject: `plugin ${name} ${version}`,
    found: firstText(ended.stderr, ended.shortMessage),
    expected: "a plugin from Pulumi's download host, or a machine that has it",
    next: `pulumi ${command.join(" ")}`,
  };
}

// The engine's own layout; a download that has not ended leaves a file with the ending .partial.
function isInstalled(name: string, version: string): boolean {
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const directory = join(home, "plugins", `resource-${name}-v${version}`);
  return existsSync(join(directory, `pulumi-resource-${name}`)) && !existsSync(`${directory}.partial`);
}
