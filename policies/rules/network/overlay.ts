import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "network.overlay",
  title: "A network over several hosts is encrypted, and only the swarm's services join it.",
  severity: "medium",
  // Many programs take the defaults of a swarm, and whether the wire between its hosts is trusted no program shows.
  level: "advisory",
  references: ["CIS Docker 1.6.0, 7.4", "OWASP ASI07"],
  why: "What containers on two hosts say to each other passes the wire in clear, and any container of any host may join an attachable network.",
  fix: 'Set the option `encrypted` to "true", and leave `attachable` and `ingress` out.',
  waivable: "by-label",
  types: [type.network],
  check: ({ properties }): Finding[] => {
    if (!/^overlay$/i.test((properties.text("driver") ?? "").trim())) return [];
    const encrypted = properties.object("options").text("encrypted");
    const open = (["attachable", "ingress"] as const).filter((name) => properties.flag(name) === true);
    return [
      ...open.map((property) => ({ property, found: "true", expected: "false, or not set" })),
      // The daemon takes the option's presence for yes, unless it says no.
      ...(encrypted === undefined || /^(0|f|false)$/i.test(encrypted)
        ? [{ property: "options.encrypted", found: show(encrypted), expected: '"true"' }]
        : []),
    ];
  },
  examples: {
    good: [
      network("An encrypted one", { driver: "overlay", options: { encrypted: "true" } }),
      network("By the option's presence", { driver: "overlay", options: { encrypted: "" } }),
      network("On one host", { driver: "bridge" }),
    ],
    bad: [
      network("In clear", { driver: "overlay" }),
      network("Switched off", { driver: "overlay", options: { encrypted: "false" } }),
      network("Any container may join", { driver: "overlay", attachable: true, options: { encrypted: "true" } }),
      network("Its ports are open on every host", { driver: "overlay", ingress: true, options: { encrypted: "true" } }),
    ],
  },
};

function network(title: string, changes: Readonly<Record<string, unknown>>): Example {
  const name = `overlay-${title.toLowerCase().replaceAll(/\W/g, "-")}`;
  return { title, resources: [{ type: type.network, name, properties: { name, ...changes } }] };
}
