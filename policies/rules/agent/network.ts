import { on, staged } from "#lib/agent-examples.ts";
import { agentsOf, graphOf } from "#lib/graph.ts";
import type { Graph, Shown } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

export const rule: Rule = {
  id: "agent.network",
  title: "An agent has no network, or only one with the egress proxy.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI02", "OWASP ASI05", "OWASP ASI10", "NSA/CISA Kubernetes hardening"],
  why: "Code that a model chose attacks whatever it can connect to, and sends out what it finds.",
  fix: 'Set `networkMode` to "none", or put the agent on an internal network whose only other member is the egress proxy, labelled `garrison.role=egress-proxy`.',
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const graph = graphOf(stack);
    return agentsOf(stack, settings).flatMap((agent) => {
      const shown = [...namespace(agent), ...graph.waysOut(agent), ...company(agent, graph)];
      return shown.map(({ property, found }) => ({
        urn: agent.resource.urn,
        property,
        found,
        expected: "no network, or internal ones with the egress proxy alone",
      }));
    });
  },
  examples: {
    good: [
      staged("agent-network-g1", "No network", ({ agent }) => [agent()]),
      staged("agent-network-g2", "An internal network with the egress proxy", ({ agent, program, network, name }) => [
        network("out"),
        agent(on([name("out")])),
        program("egress-proxy", ["out"]),
      ]),
    ],
    bad: [
      staged("agent-network-b1", "A network that leads out", ({ agent, network, name }) => [
        network("open", { internal: false }),
        agent(on([name("open")])),
      ]),
      staged("agent-network-b2", "A network with somebody else", ({ agent, program, network, name }) => [
        network("shared"),
        agent(on([name("shared")])),
        program("gateway", ["shared"]),
      ]),
      staged("agent-network-b3", "The host's network", ({ agent }) => [agent({ networkMode: "host" })]),
      staged("agent-network-b4", "The network of another container", ({ agent, program, name }) => [
        program("other", []),
        agent({ networkMode: `container:${name("other")}` }),
      ]),
      staged("agent-network-b5", "Docker's default network", ({ agent }) => [agent({ networkMode: undefined })]),
      staged("agent-network-b6", "A published port", ({ agent }) => [
        agent({ ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }] }),
      ]),
    ],
  },
};

/** In a shared namespace the other's loopback is the agent's too. */
function namespace({ resource }: Program): Shown[] {
  const mode = resource.properties.text("networkMode") ?? "";
  return /^container:/i.test(mode) ? [{ property: "networkMode", found: `${show(mode)}, another's network` }] : [];
}

function company(agent: Program, graph: Graph): Shown[] {
  // Of the host's network one finding is enough.
  if (agent.onHost) return [];
  return graph.neighbours(agent).filter(({ program }) => !program.roles.has("egress-proxy"));
}
