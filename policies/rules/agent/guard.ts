import { on, staged } from "#lib/agent-examples.ts";
import { graphOf } from "#lib/graph.ts";
import type { Graph } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const enforcing = { guard: { role: "guard", enforces: true } };

export const rule: Rule = {
  id: "agent.guard",
  title: "A guard stands on the only path between gateway and model.",
  severity: "high",
  level: "advisory",
  references: ["OWASP ASI01", "OWASP ASI06"],
  why: "A guard that the gateway asks is a guard that a gateway which was talked over does not ask.",
  fix: "Let the guard relay what it checks, declare that it enforces, and give the gateway no other way to the model.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack) => {
    const graph = graphOf(stack);
    return graph.withRole("gateway").flatMap((gateway) =>
      flawsOf(gateway, graph).map((found) => ({
        urn: gateway.resource.urn,
        property: "networksAdvanced",
        found,
        expected: "no way out of its own, and an enforcing guard as the only way to the model",
      })),
    );
  },
  examples: {
    good: [
      staged("agent-guard-g1", "A guard that relays", ({ program, network, declares }) => [
        network("front"),
        network("back"),
        program("gateway", ["front"]),
        program("guard", ["front", "back"]),
        program("model", ["back"]),
        declares({}, enforcing),
      ]),
      staged("agent-guard-g2", "A guard on the way to the egress proxy", ({ program, network, declares }) => [
        network("front"),
        network("out"),
        program("gateway", ["front"]),
        program("guard", ["front", "out"]),
        program("egress-proxy", ["out"]),
        declares({}, enforcing),
      ]),
    ],
    bad: [
      staged("agent-guard-b1", "No guard", ({ program, network }) => [
        network("out"),
        program("gateway", ["out"]),
        program("egress-proxy", ["out"]),
      ]),
      staged("agent-guard-b2", "A guard beside the path", ({ program, network, declares }) => [
        network("guard"),
        network("out"),
        program("gateway", ["guard", "out"]),
        program("guard", ["guard"]),
        program("egress-proxy", ["out"]),
        declares({}, enforcing),
      ]),
      staged("agent-guard-b3", "A gateway with a way out of its own", ({ program, network, declares, name }) => [
        network("front"),
        network("open", { internal: false }),
        program("gateway", [], on([name("front"), name("open")])),
        program("guard", ["front"]),
        declares({}, enforcing),
      ]),
      staged("agent-guard-b4", "A guard that only answers", ({ program, network }) => [
        network("front"),
        network("back"),
        program("gateway", ["front"]),
        program("guard", ["front", "back"]),
        program("model", ["back"]),
      ]),
    ],
  },
};

const TO_MODEL = ["model", "model-gateway", "egress-proxy"];

/** One finding says all: which ways lead round the guard, or what the guard lacks. */
function flawsOf(gateway: Program, graph: Graph): string[] {
  const guards = graph.withRole("guard");
  if (guards.length === 0) return ["a gateway, and no guard in the program"];
  const round = [
    ...graph.waysOut(gateway).map(({ found }) => found),
    ...graph
      .neighbours(gateway)
      .filter(({ program }) => !enforces(program))
      .filter(({ program }) => TO_MODEL.some((role) => program.roles.has(role)) || leadsOut(program, graph))
      .map(({ program }) => show(program.name)),
  ];
  if (round.length > 0) return [`a guard that is declared, not enforced: ${round.join(", ")} leads round it`];
  if (graph.neighbours(gateway).some(({ program }) => enforces(program))) return [];
  return ["a guard that is declared, not enforced: nothing says that it relays what it checks"];
}

/** Whoever has a way out may relay. Published ports only lead in. */
function leadsOut(program: Program, graph: Graph): boolean {
  return graph.waysOut(program).some(({ property }) => !property.startsWith("ports."));
}

function enforces({ roles, declared }: Program): boolean {
  return roles.has("guard") && declared.some(({ properties }) => properties.flag("enforces") === true);
}
