import { realpath } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { pulumiVersion } from "#helpers/pulumi/versions.ts";
import { firstExecutable, searchPath } from "#helpers/programs/executable.ts";
import { firstText } from "#helpers/terminal/first-text.ts";
import { problem } from "#helpers/terminal/report.ts";
import { compareVersions, parseVersion } from "./version.ts";
import type { Version } from "./version.ts";

/** `pulumi policy analyze`, which judges a stored state, came with this one. */
const oldest: Version = [3, 229, 0];
const firstTooNew: Version = [4, 0, 0];
const languageHost = "pulumi-language-nodejs";

interface InstalledPulumi {
  readonly file: string;
  readonly version: string;
}

/**
 * The operator's own Pulumi, when it is there with its Node.js language host. One whose version does not fit is an
 * error and not passed over: the operator should know which program deploys.
 */
export async function findOnPath(environment: NodeJS.ProcessEnv = process.env): Promise<InstalledPulumi | undefined> {
  const directories = searchPath(environment);
  const file = await firstExecutable(directories, "pulumi");
  if (file === undefined) return undefined;
  const beside = dirname(await realpath(file));
  // Inside our own environment PATH begins with the lab's engine.
  if (beside.startsWith(cacheDirectory(environment) + sep)) return undefined;
  if ((await firstExecutable([beside, ...directories], languageHost)) === undefined) {
    console.error(`  ${file} has no ${languageHost} beside it or on PATH and cannot run this project; looking further`);
    return undefined;
  }
  const version = await versionOf(file);
  requireSupported(file, version);
  return { file, version };
}

/** Refuses a command line that is too old or too new, with what to type. */
function requireSupported(file: string, text: string): void {
  const version = parseVersion(text);
  if (version !== undefined && compareVersions(version, oldest) >= 0 && compareVersions(version, firstTooNew) < 0)
    return;
  const age = version === undefined ? "unknown" : compareVersions(version, oldest) < 0 ? "too old" : "too new";
  throw problem("The Pulumi command line on PATH cannot be used", {
    property: file,
    found: `${text} (${age})`,
    expected: `>= ${oldest.join(".")} and < ${firstTooNew.join(".")}; developed with ${pulumiVersion}`,
    fix: `curl -fsSL https://get.pulumi.com | sh -s -- --version ${pulumiVersion}, or take it off PATH`,
  });
}

async function versionOf(file: string): Promise<string> {
  const asked = await execa(file, ["version"], {
    reject: false,
    timeout: 20_000,
    stdin: "ignore",
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  if (asked.exitCode === 0) return asked.stdout.trim();
  throw problem("The Pulumi command line on PATH does not run", {
    property: file,
    found: firstText(asked.stderr, asked.shortMessage),
    expected: "a version number",
    fix: "reinstall it, or take it off PATH",
  });
}
