import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { RegistryAccount } from "#helpers/docker/image-build.ts";

const dockerConfig = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
const helperAnswer = z.looseObject({ Username: z.string(), Secret: z.string() });

/** The account that `docker login` left for a registry, if any: in the file of Docker's command line, or in its helper. */
export async function registryAccount(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<RegistryAccount | undefined> {
  const host = registry.split("/")[0] ?? "";
  const key = host === "docker.io" ? "https://index.docker.io/v1/" : host;
  const directory = environment.DOCKER_CONFIG ?? join(homedir(), ".docker");
  const text = await readFile(join(directory, "config.json"), "utf8").catch(() => "{}");
  const { auths, credHelpers, credsStore } = dockerConfig.parse(parseJson(text, join(directory, "config.json")));
  const helper = credHelpers[host] ?? credsStore;
  if (helper !== undefined) return askHelper(helper, key);
  const decoded = Buffer.from(auths[key]?.auth ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  return colon < 1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** An error of the parser repeats the text, which holds passwords. */
function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${from} is not the JSON that docker login writes`);
  }
}

/** The helper gets the registry on its input and answers on its output; nothing of it is shown. */
async function askHelper(helper: string, key: string): Promise<RegistryAccount | undefined> {
  const { stdout, failed } = await execa(`docker-credential-${helper}`, ["get"], { input: key, reject: false });
  if (failed) return undefined;
  const { Username: username, Secret: password } = helperAnswer.parse(parseJson(stdout, `docker-credential-${helper}`));
  return { username, password };
}
