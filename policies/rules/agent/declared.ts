import { staged } from "#lib/agent-examples.ts";
import { declarationsOf } from "#lib/declarations.ts";
import { withContainer } from "#lib/examples.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.declared",
  title: "A program says which of its containers run code that a model chose.",
  severity: "low",
  level: "advisory",
  references: ["OWASP ASI03"],
  why: "The rules about agents judge declared agents only, and this program declares none.",
  fix: "Label the agents `garrison.role=agent`, or any container with the role it has; then this line goes away.",
  waivable: "never",
  types: [],
  checkStack: (stack, { settings }) => {
    const required = settings.requireDeclaration || declarationsOf(stack).required;
    const containers = stack.ofType(type.container);
    if (required || containers.length === 0 || agentsOf(stack, settings).length > 0) return [];
    if (graphOf(stack).programs.some(({ roles }) => roles.size > 0)) return [];
    return [
      {
        property: "garrison.role",
        found: "declared of no container",
        expected: "a role, if one of them runs code that a model chose",
      },
    ];
  },
  examples: {
    good: [
      staged("agent-declared-g1", "An agent", ({ agent }) => [agent()]),
      staged("agent-declared-g2", "Other roles", ({ program }) => [program("model", [])]),
    ],
    bad: [withContainer("Containers, and nothing said of them", {})],
  },
};
