import { onEachAgent } from "#lib/agent-rule.ts";
import { staged } from "#lib/agent-examples.ts";
import { agentsOf } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { isInside, normal } from "#lib/mounts.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";
import type { Settings } from "#lib/settings.ts";
import { type } from "#lib/types.ts";

const single = onEachAgent(driver);

export const rule: Rule = {
  id: "agent.logs",
  title: "What an agent did is written where it cannot change it.",
  severity: "medium",
  level: "mandatory",
  references: ["OWASP ASI10", "OWASP ASI09"],
  why: "An agent that can rewrite its log can hide what it did.",
  fix: "Let Docker keep the output (`json-file`, `local`, `journald` or a remote driver), and write no log below a path that the agent can write to.",
  waivable: "by-label",
  types: [type.container],
  check: single.check,
  checkStack: (stack, context) => [...single.checkStack(stack, context), ...ownLogs(stack, context.settings)],
  examples: {
    good: [staged("agent-logs-g1", "Docker keeps the output", ({ agent }) => [agent()])],
    bad: [
      staged("agent-logs-b1", "No log", ({ agent }) => [agent({ logDriver: "none" })]),
      staged("agent-logs-b2", "A log in a volume of its own", ({ agent, declares, name }) => [
        agent({ volumes: [{ volumeName: name("state"), containerPath: "/state" }] }),
        declares({}, { agent: { logs: "/state/log" } }),
      ]),
    ],
  },
};

function driver({ properties }: Resource): Finding[] {
  const found = properties.text("logDriver") ?? "";
  if (found.trim().toLowerCase() !== "none") return [];
  return [{ property: "logDriver", found: show(found), expected: "a driver that keeps the output" }];
}

function ownLogs(stack: Stack, settings: Settings): Finding[] {
  return agentsOf(stack, settings).flatMap((agent) =>
    agent.declared.flatMap(({ properties }) => {
      const path = normal(properties.text("logs") ?? "/proc/self/fd/1");
      const place = writablePlace(agent, path);
      if (place === undefined) return [];
      const found = `a log at ${show(path)}, which the agent can write to`;
      return [{ urn: agent.resource.urn, property: place, found, expected: "a log out of the agent's reach" }];
    }),
  );
}

function writablePlace({ resource, mounts }: Program, path: string): string | undefined {
  if (/^\/(proc|dev)(\/|$)/.test(path)) return undefined;
  const covering = mounts
    .filter(({ target }) => isInside(path, target))
    .sort((a, b) => b.target.length - a.target.length)[0];
  if (covering !== undefined) return covering.readOnly ? undefined : covering.property;
  const inMemory = resource.properties
    .object("tmpfs")
    .entries()
    .find(({ name }) => isInside(path, normal(name)));
  if (inMemory !== undefined) return inMemory.path;
  return resource.properties.flag("readOnly") === true ? undefined : "readOnly";
}
