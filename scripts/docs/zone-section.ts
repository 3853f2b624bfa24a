import type { MachineDefinition, NetworkRequest } from "#components/machine/machine-definition.ts";
import type { Zone } from "#components/estate/stack-definition.ts";
import { codes, table } from "./markdown.ts";

/**
 * Which zone each network belongs to: the one that has all its members. On a network that leads out, or to the proxy, that is a
 * zone for what leads out, and the proxy itself does not count.
 *
 * @throws when a network belongs to none, or to two
 */
export function zonesOf(
  networks: readonly NetworkRequest[],
  zones: readonly Zone[],
  proxies: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = networks.map(({ name, members, egress = false }) => {
    const rest = members.filter((member) => !proxies.includes(member));
    const out = egress || rest.length < members.length;
    const own = rest.length === 0 ? members : rest;
    const fitting = zones.filter(
      (zone) => out === (zone.out ?? false) && own.every((one) => zone.members.includes(one)),
    );
    const [zone] = fitting;
    if (zone === undefined || fitting.length > 1)
      throw new Error(`the network ${name} belongs to ${fitting.map((one) => one.name).join(" and ") || "no zone"}`);
    return [zone.name, name] as const;
  });
  return new Map(
    zones.map(({ name }) => [name, found.flatMap(([zone, network]) => (zone === name ? [network] : []))] as const),
  );
}

/** The zones that a machine is thought of in, and the networks that make each of them. */
export function zonesSection({ networks, services }: MachineDefinition, zones: readonly Zone[]): string {
  const proxies = services.filter(({ proxy }) => proxy === true).map(({ name }) => name);
  const networksOf = zonesOf(networks, zones, proxies);
  const rows = zones.map(({ name, why, out, members }) => {
    const own = networksOf.get(name) ?? [];
    return [
      name,
      why,
      out === true ? "**leads out**" : "internal",
      codes(members),
      own.length === 0 ? "none" : codes(own),
    ];
  });
  return [
    "## Zones\n",
    "What is thought of together. Each network belongs to one zone, and joins two services, or one to what is outside; in a zone",
    "without networks nobody meets.\n",
    table(["Zone", "What for", "", "Services", "Networks"], rows),
  ].join("\n");
}
