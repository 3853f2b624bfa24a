/** Images: pulled when they are missing, with the provider's registry accounts. */
import type Dockerode from "dockerode";
import type { Context } from "#provider/definition.ts";
import type { Daemon } from "./connection/daemon.ts";
import { ifExists } from "./connection/failures.ts";
import { defined, type RegistryAuth } from "./inputs.ts";

/** The image's description, after a pull where the daemon did not have it. */
export async function ensureImage(
  daemon: Daemon,
  name: string,
  platform: string | undefined,
  context: Context<Daemon>,
): Promise<Dockerode.ImageInspectInfo> {
  const docker = await daemon.client();
  const present = await ifExists(docker.getImage(name).inspect());
  if (present) return present;
  if (name.startsWith("sha256:")) throw new Error(`the daemon at ${daemon.host} has no image ${name}`);
  context.log(`pulling ${name}`, { transient: true });
  await pull(docker, name, platform, accountFor(name, daemon.registryAuth), context.signal);
  return docker.getImage(name).inspect();
}

async function pull(
  docker: Dockerode,
  name: string,
  platform: string | undefined,
  account: RegistryAuth | undefined,
  signal: AbortSignal,
): Promise<void> {
  const login = account && { serveraddress: account.address, username: account.username, password: account.password };
  const options = defined({ platform, authconfig: login, abortSignal: signal });
  const progress = await docker.pull(withTag(name), options);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => {
      if (error) reject(new Error(`cannot pull ${name}: ${error.message}`));
      else resolve();
    });
  });
}

/** Without a tag or digest the daemon would pull every tag. */
function withTag(name: string): string {
  const last = name.split("/").at(-1) ?? name;
  return last.includes(":") || last.includes("@") ? name : `${name}:latest`;
}

/** Images without a registry in their name come from Docker Hub. */
export function registryOf(name: string): string {
  const [first = ""] = name.split("/");
  const isHost = name.includes("/") && /[.:]|^localhost$/.test(first);
  return isHost ? first : "docker.io";
}

function accountFor(name: string, accounts: readonly RegistryAuth[]): RegistryAuth | undefined {
  const registry = registryOf(name);
  const hub = registry === "docker.io" ? ["docker.io", "index.docker.io", "registry-1.docker.io"] : [registry];
  return accounts.find(({ address, authDisabled, username }) => {
    const host = address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
    return authDisabled !== true && username !== undefined && hub.includes(host);
  });
}
