import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import ipaddr from "ipaddr.js";
import { stateDirectory } from "#helpers/files/directories.ts";
import { readFacts } from "./facts.ts";
import { parseRoutes } from "./network-block.ts";

/** A network that somebody else uses, and who. */
interface TakenBlock {
  readonly block: string;
  readonly by: string;
}

/** Every IPv4 network that an estate must keep away from. Without a daemon its networks cannot be seen. */
export async function takenBlocks(
  own: { readonly name: string; readonly id: string | undefined },
  docker: Docker | undefined,
): Promise<TakenBlock[]> {
  const networks = docker === undefined ? [] : await dockerNetworks(docker, own.id);
  const ownBridges = new Set(networks.filter((network) => network.own).map((network) => network.block));
  const routes = (await hostRoutes()).filter((block) => !ownBridges.has(block));
  return [
    ...routes.map((block) => ({ block, by: "a route of this host" })),
    ...networks.filter((network) => !network.own),
    ...(await otherEstates(own.name)),
  ];
}

async function hostRoutes(): Promise<string[]> {
  try {
    return parseRoutes(await readFile("/proc/net/route", "utf8"));
  } catch {
    return []; // Not Linux: the containers' networks live in Docker's own virtual machine.
  }
}

async function dockerNetworks(docker: Docker, estate: string | undefined) {
  const networks = await docker.listNetworks();
  return networks.flatMap((network) =>
    (network.IPAM?.Config ?? []).flatMap(({ Subnet: block }) =>
      block !== undefined && ipaddr.IPv4.isValidCIDR(block)
        ? [
            {
              block,
              by: `the Docker network ${network.Name}`,
              own: estate !== undefined && network.Labels?.["garrison.estate"] === estate,
            },
          ]
        : [],
    ),
  );
}

/** Estates that are down have neither routes nor networks, but will want theirs again. */
async function otherEstates(own: string): Promise<TakenBlock[]> {
  const root = stateDirectory();
  const names = await readdir(root).catch(() => []);
  const found: TakenBlock[] = [];
  for (const name of names.filter((other) => other !== own)) {
    // A damaged one must not keep others from being made; should it run, its networks were seen above.
    const facts = await readFacts(join(root, name, "estate.json")).catch(() => undefined);
    if (facts !== undefined) found.push({ block: facts.network, by: `the lab estate ${name}` });
  }
  return found;
}
