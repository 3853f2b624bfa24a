import { realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { cacheDirectory } from "#helpers/files/directories.ts";
import { pluginVersions } from "#helpers/pulumi/versions.ts";
import { firstExecutable, searchPath } from "#helpers/programs/executable.ts";
import { ProblemReport } from "#helpers/terminal/report.ts";
import type { Problem } from "#components/lib/problems.ts";
import { findPlugin, pulumiHome } from "./plugins.ts";

/** The plugins that the lab's are compared with. Azure's needs a subscription. */
const compared = ["command", "docker", "random", "tls"] as const;

export type ComparedPlugin = (typeof compared)[number];

/** Pulumi's own language host and plugins, as files. */
interface OfficialParts {
  readonly languageHost: string;
  readonly plugins: Readonly<Record<ComparedPlugin, string>>;
}

/** Looks on PATH and in Pulumi's home. @throws {ProblemReport} with everything that is missing */
export async function requireOfficialParts(environment: NodeJS.ProcessEnv = process.env): Promise<OfficialParts> {
  const { parts, missing } = await findOfficialParts(environment);
  if (parts !== undefined) return parts;
  throw new ProblemReport("The official part needs Pulumi's own plugins and language host", missing);
}

/** The parts when all of them are there; else what is missing. */
export async function findOfficialParts(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ parts?: OfficialParts; missing: readonly Problem[] }> {
  const languageHost = await findLanguageHost(environment);
  const found = await Promise.all(
    compared.map(async (name) => [name, await findPlugin(name, pluginVersions[name], environment)] as const),
  );
  const missing: Problem[] = found
    .filter(([, file]) => file === undefined)
    .map(([name]) => ({
      property: `pulumi-resource-${name}`,
      found: `neither on PATH nor in ${join(pulumiHome(environment), "plugins")}`,
      expected: `Pulumi's own, ${pluginVersions[name]}`,
      fix: `pulumi plugin install resource ${name} ${pluginVersions[name]}`,
    }));
  if (languageHost !== undefined && missing.length === 0) {
    return { parts: { languageHost, plugins: Object.fromEntries(found) as OfficialParts["plugins"] }, missing };
  }
  const host: Problem = {
    property: "pulumi-language-nodejs",
    found: `neither on PATH nor in ${join(pulumiHome(environment), "bin")}`,
    expected: "Pulumi's own language host for Node.js",
    fix: "curl -fsSL https://get.pulumi.com | sh",
  };
  return { missing: languageHost === undefined ? [host, ...missing] : missing };
}

/** Inside the lab's own environment PATH begins with the lab's language host, which is not meant. */
async function findLanguageHost(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const directories = [...searchPath(environment), join(pulumiHome(environment), "bin")];
  for (const directory of directories) {
    const file = await firstExecutable([directory], "pulumi-language-nodejs");
    if (file === undefined) continue;
    if (!dirname(await realpath(file)).startsWith(cacheDirectory(environment) + sep)) return file;
  }
  return undefined;
}
