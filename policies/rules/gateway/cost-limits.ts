import { staged } from "#lib/agent-examples.ts";
import { DECLARATIONS } from "#lib/declarations.ts";
import { graphOf } from "#lib/graph.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "gateway.cost-limits",
  title: "A gateway has a limit on the turns of a run, and on what a day may cost.",
  severity: "medium",
  level: "advisory",
  references: ["OWASP ASI08"],
  why: "An agent in a loop costs money at the speed of the model, at night as well.",
  fix: "Set both limits where they are enforced, in the gateway or in a proxy before the model, and declare them in `costLimits`.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack) =>
    graphOf(stack)
      .withRole("gateway")
      .flatMap(({ resource, declared }) => {
        const limits = declared.map(({ properties }) => properties.object("costLimits"));
        const missing = ["turns", "perDay"].filter((name) => !limits.some((own) => (own.number(name) ?? 0) > 0));
        return missing.map((name) => ({
          urn: resource.urn,
          property: `${DECLARATIONS}.costLimits.${name}`,
          found: "not declared",
          expected: "a limit that something enforces",
        }));
      }),
  examples: {
    good: [
      staged("gateway-cost-limits-g1", "Both limits", ({ program, declares }) => [
        program("gateway", []),
        declares({}, { gateway: { costLimits: { turns: 40, perDay: 20 } } }),
      ]),
    ],
    bad: [
      staged("gateway-cost-limits-b1", "No limit", ({ program }) => [program("gateway", [])]),
      staged("gateway-cost-limits-b2", "Turns, but no money", ({ program, declares }) => [
        program("gateway", []),
        declares({}, { gateway: { costLimits: { turns: 40 } } }),
      ]),
    ],
  },
};
