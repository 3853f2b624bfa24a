import { access, constants } from "node:fs/promises";
import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { firstExecutable, searchPath } from "#helpers/programs/executable.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { withProgress } from "#helpers/terminal/progress.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";

const installTimeoutMs = 600_000;

/** A provider plugin of one version. */
export interface WantedPlugin {
  readonly name: string;
  readonly version: string;
}

/** Lets the official command line fetch the plugins that are missing; every one that failed is reported at once. */
export async function installOfficialPlugins(
  pulumi: string,
  env: Readonly<Record<string, string>>,
  wanted: readonly WantedPlugin[],
): Promise<void> {
  const problems: Problem[] = [];
  for (const plugin of wanted) {
    if ((await findPlugin(plugin.name, plugin.version, { ...process.env, ...env })) !== undefined) continue;
    const failure = await withProgress(`Fetching Pulumi's plugin ${plugin.name} ${plugin.version}`, () =>
      install(pulumi, env, plugin),
    );
    if (failure !== undefined) problems.push(failure);
  }
  if (problems.length > 0) throw new ProblemReport("Pulumi's plugins could not be fetched", problems);
}

async function install(
  pulumi: string,
  env: Readonly<Record<string, string>>,
  { name, version }: WantedPlugin,
): Promise<Problem | undefined> {
  const command = ["plugin", "install", "resource", name, version];
  const ended = await execa(pulumi, command, { env, reject: false, stdin: "ignore", timeout: installTimeoutMs });
  if (ended.exitCode === 0) return undefined;
  return {
    property: `plugin ${name} ${version}`,
    found: firstText(ended.stderr, ended.shortMessage),
    expected: "a plugin from Pulumi's download host, or a machine that has it",
    fix: `pulumi ${command.join(" ")}`,
  };
}

/**
 * The file of a plugin that the engine would start: the one on PATH, whatever its version, else the one of this version
 * in Pulumi's home (read in sdk/go/common/workspace/plugins.go, 3.259.0).
 */
export async function findPlugin(
  name: string,
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const program = `pulumi-resource-${name}`;
  const onPath = await firstExecutable(searchPath(environment), program);
  if (onPath !== undefined) return onPath;
  const directory = join(pulumiHome(environment), "plugins", `resource-${name}-v${version}`);
  const file = join(directory, program);
  // A download that has not ended leaves a file with the ending .partial.
  if (existsSync(`${directory}.partial`)) return undefined;
  return access(file, constants.X_OK).then(
    () => file,
    () => undefined,
  );
}

/**
 * Where Pulumi keeps what it downloads: PULUMI_HOME, else `.pulumi` in the home that the account has in the password
 * file, which need not be `$HOME` (read in sdk/go/common/util/pulumihome and Go's os/user, 3.259.0).
 */
export function pulumiHome(environment: NodeJS.ProcessEnv = process.env): string {
  const { PULUMI_HOME: home } = environment;
  return home !== undefined && home !== "" ? home : join(accountHome(), ".pulumi");
}

function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    // The account is not in the password file.
    return homedir();
  }
}
