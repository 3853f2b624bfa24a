import { staged } from "#lib/agent-examples.ts";
import { agentsOf } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { overlap } from "#lib/mounts.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import { looksSecret } from "#lib/secret-paths.ts";
import { secretsInText } from "#lib/secret-patterns.ts";
import { isSecretVariable } from "#lib/secret-variable.ts";
import { type } from "#lib/types.ts";

const keys = (source: string) => ({ mounts: [{ type: "bind", source, target: "/keys", readOnly: true }] });

export const rule: Rule = {
  id: "agent.identity",
  title: "No two agents share a key.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03", "OWASP ASI10"],
  why: "With one key for two agents nobody can tell which of them acted, and neither can be shut out alone.",
  fix: "Give every agent a key of its own, or none and let a proxy act for it.",
  waivable: "by-configuration",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const agents = agentsOf(stack, settings);
    return [...sharedValues(agents), ...sharedFiles(agents)];
  },
  examples: {
    good: [
      staged("agent-identity-g1", "Agents that share what is no key", ({ agent }) => [
        agent({ envs: ["LANG=C.UTF-8"] }, "first"),
        agent({ envs: ["LANG=C.UTF-8"] }, "second"),
      ]),
    ],
    bad: [
      staged("agent-identity-b1", "The same token twice", ({ agent }) => [
        agent({ envs: ["GITEA_TOKEN=f00dcafe"] }, "first"),
        agent({ envs: ["FORGE_TOKEN=f00dcafe"] }, "second"),
      ]),
      staged("agent-identity-b2", "The same file of keys", ({ agent }) => [
        agent(keys("/srv/credentials/agents"), "first"),
        agent(keys("/srv/credentials"), "second"),
      ]),
    ],
  },
};

interface Held {
  readonly agent: Program;
  readonly property: string;
}

function sharedValues(agents: readonly Program[]): Finding[] {
  const held = new Map<string, Held[]>();
  for (const agent of agents) {
    for (const { path, value } of agent.resource.properties.texts("envs")) {
      const at = value.indexOf("=");
      const content = value.slice(at + 1);
      const secret = isSecretVariable(value.slice(0, Math.max(at, 0)), content) || secretsInText(content).length > 0;
      if (at > 0 && (secret || agent.resource.secrets.has(path)))
        held.set(content, [...(held.get(content) ?? []), { agent, property: path }]);
    }
  }
  return [...held.values()].flatMap(reused);
}

/** The first holder keeps it; every other agent has what is another's. */
function reused(holders: readonly Held[]): Finding[] {
  const [first] = holders;
  return holders
    .filter(({ agent }) => agent !== first?.agent)
    .map(({ agent, property }) => finding(agent, property, `the same secret as ${show(first?.agent.name)} has`));
}

function sharedFiles(agents: readonly Program[]): Finding[] {
  const mounts = agents.flatMap((agent) =>
    agent.mounts.filter(({ source }) => looksSecret(source)).map((mount) => ({ agent, mount })),
  );
  return mounts.flatMap(({ agent, mount }, index) => {
    const before = mounts.slice(0, index).find((other) => other.agent !== agent && overlap(other.mount, mount));
    if (before === undefined) return [];
    return [finding(agent, mount.property, `${show(mount.source)}, which ${show(before.agent.name)} has too`)];
  });
}

function finding({ resource }: Program, property: string, found: string): Finding {
  return { urn: resource.urn, property, found, expected: "a key that no other agent has" };
}
