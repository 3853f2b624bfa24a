import { staged } from "#lib/agent-examples.ts";
import { agentsOf } from "#lib/graph.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.user",
  title: "Every agent runs as a user of its own, which is not root.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 4.1", "OWASP ASI03", "Kubernetes PSS restricted"],
  why: "Two agents with one user can signal each other and read each other's files wherever a directory or a namespace is shared.",
  fix: "Give each agent a numeric user that no other agent of the program has.",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const owners = new Map<number, Resource>();
    return agentsOf(stack, settings).flatMap(({ name, resource }) => {
      const uid = uidOf(resource);
      const found = show(resource.properties.text("user"));
      const wrong = (what: string) => [
        { urn: resource.urn, property: "user", found: what, expected: "a numeric user of its own, not 0" },
      ];
      if (uid === undefined || uid === 0) return wrong(found);
      const owner = owners.get(uid);
      owners.set(uid, owner ?? resource);
      if (owner === undefined) return [];
      return wrong(`${found} for ${show(name)}, the user of ${show(owner.properties.text("name") ?? owner.name)} too`);
    });
  },
  examples: {
    good: [staged("agent-user-g1", "Two agents, two users", ({ agent }) => [agent({}, "first"), agent({}, "second")])],
    bad: [
      staged("agent-user-b1", "One user for two agents", ({ agent }) => [
        agent({ user: "30001:30001" }, "first"),
        agent({ user: "30001" }, "second"),
      ]),
      staged("agent-user-b2", "Root", ({ agent }) => [agent({ user: "0:0" })]),
      staged("agent-user-b3", "No user", ({ agent }) => [agent({ user: undefined })]),
      staged("agent-user-b4", "A name, which the image gives a number", ({ agent }) => [agent({ user: "sandbox" })]),
    ],
  },
};

function uidOf({ properties }: Resource): number | undefined {
  const text = (properties.text("user") ?? "").split(":")[0] ?? "";
  return /^[+]?\d{1,10}$/.test(text) ? Number(text) : undefined;
}
