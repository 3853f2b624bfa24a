import { show } from "../../lib/properties.ts";
import type { Example, Rule } from "../../lib/rule.ts";
import { type } from "../../lib/types.ts";

export const rule: Rule = {
  id: "network.driver",
  title: "Networks of containers lie behind the host, not on its own wire.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.10", "OWASP ASI07"],
  why: "On macvlan, ipvlan or the host's network a container is a machine of the LAN, past every rule of the host's firewall.",
  fix: 'Set `driver` to "bridge", or "overlay" in a swarm; publish the one port that others need.',
  waivable: "by-label",
  types: [type.network],
  check: ({ properties }) => {
    const found = properties.text("driver") ?? "bridge";
    if (!/^(macvlan|ipvlan|host|transparent|l2bridge|l2tunnel)$/i.test(found.trim())) return [];
    return [{ property: "driver", found: show(found), expected: '"bridge" or "overlay"' }];
  },
  examples: {
    good: [
      network("A bridge", { driver: "bridge" }),
      network("The default", {}),
      network("A swarm's", { driver: "overlay" }),
    ],
    bad: ["macvlan", "ipvlan", "host", "MACVLAN"].map((driver) => network(driver, { driver })),
  },
};

function network(title: string, changes: Readonly<Record<string, unknown>>): Example {
  const name = `driver-${title.toLowerCase().replaceAll(/\W/g, "-")}`;
  return { title, resources: [{ type: type.network, name, properties: { name, internal: true, ...changes } }] };
}
