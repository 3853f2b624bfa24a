import { readFile } from "node:fs/promises";
import type { Problem } from "#components/lib/problems.ts";
import { overlaps, parseRoutes } from "../estate/network-block.ts";
import { tryHost } from "../machines/host-command.ts";
import type { NetworkFacts } from "../fabric/fabric.ts";
import { azureNames } from "../machines/layout.ts";
import { lastPart } from "./layout.ts";

/** What is on this host already. */
interface HostNetwork {
  /** Blocks that a route of somebody else leads to. */
  readonly routes: readonly string[];
  /** Public addresses that another lab of this host has, with the table in which it has them. */
  readonly publicAddresses: readonly { readonly address: string; readonly table: string }[];
}

/** Why this host cannot have these networks: it routes an address to one place only, where Azure has a world for each network. */
export function networkProblems(facts: NetworkFacts, there: HostNetwork): readonly Problem[] {
  const subnets = facts.networks.flatMap((network) => network.subnets.map((subnet) => ({ network, ...subnet })));
  const twice = subnets.flatMap((subnet, index) =>
    subnets
      .slice(index + 1)
      .filter((other) => overlaps(subnet.prefix, other.prefix))
      .map((other) =>
        clash(other.id, other.prefix, `the subnet ${lastPart(subnet.id)} of ${lastPart(subnet.network.id)}`),
      ),
  );
  const routed = subnets.flatMap(({ id, prefix }) => {
    const route = there.routes.find((block) => overlaps(block, prefix));
    return route === undefined ? [] : [clash(id, prefix, `a route of this host to ${route}`)];
  });
  const taken = facts.publicAddresses.flatMap(({ id, address }) => {
    const other = there.publicAddresses.find((one) => one.address === address);
    return other === undefined ? [] : [takenAddress(id, address, other.table)];
  });
  return [...twice, ...routed, ...taken];
}

function clash(subject: string, prefix: string, other: string): Problem {
  return {
    property: subject,
    found: `${prefix}, which overlaps ${other}`,
    expected: "a block of its own: this host routes an address to one place",
    fix: "choose another address space in the lab's settings, or remove what has it: ip route",
  };
}

function takenAddress(subject: string, address: string, table: string): Problem {
  return {
    property: subject,
    found: `${address}, which another lab of this host has (nft list table ip ${table})`,
    expected: "an address of its own",
    fix: "npm run lab -- down in that lab, then the same command again",
  };
}

/** What of this host the lab's own networks must keep away from. */
export async function readHostNetwork(lab: string): Promise<HostNetwork> {
  const { bridges, table } = azureNames(lab);
  const routes = (await readFile("/proc/net/route", "utf8")).split("\n").filter((line) => !line.startsWith(bridges));
  return { routes: parseRoutes(routes.join("\n")), publicAddresses: await othersAddresses(table) };
}

async function othersAddresses(own: string): Promise<HostNetwork["publicAddresses"]> {
  const listed = (await tryHost("nft", ["list", "tables", "ip"])) ?? "";
  const tables = [...listed.matchAll(/^table ip (garrison_azure_\w+)$/gm)].map(([, name = ""]) => name);
  const found = tables
    .filter((table) => table !== own)
    .map(async (table) => {
      const map = (await tryHost("nft", ["list", "map", "ip", table, "public"])) ?? "";
      return [...map.matchAll(/(\d+\.\d+\.\d+\.\d+) :/g)].map(([, address = ""]) => ({ address, table }));
    });
  return (await Promise.all(found)).flat();
}
