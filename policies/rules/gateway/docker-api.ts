import { staged } from "#lib/agent-examples.ts";
import { agentsOf, controlOf, graphOf } from "#lib/graph.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const socket = { mounts: [{ type: "bind", source: "/run/docker.sock", target: "/run/docker.sock" }] };

export const rule: Rule = {
  id: "gateway.docker-api",
  title: "A gateway has no way to a container daemon.",
  severity: "high",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.32", "OWASP ASI03"],
  why: "The gateway reads what strangers write, so what it may ask the daemon for, an injected prompt may ask for too.",
  fix: "Let a program without a model make the sandboxes; where the gateway has to, waive the rule with owner and expiry.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack, { settings }) => {
    const graph = graphOf(stack);
    const agents = new Set(agentsOf(stack, settings));
    // An agent's way is graver, and has a rule of its own.
    const gateways = graph.withRole("gateway").filter((program) => !agents.has(program));
    return gateways.flatMap((gateway) => {
      const own = controlOf(gateway);
      const through = graph.neighbours(gateway).flatMap(({ program, property }) => {
        const control = controlOf(program);
        return control === undefined
          ? []
          : [{ property, found: `a way to ${show(program.name)}, which has ${control.found}` }];
      });
      return [...(own ? [own] : []), ...through].map((shown) => ({
        urn: gateway.resource.urn,
        ...shown,
        expected: "no way to a daemon's socket or API",
      }));
    });
  },
  examples: {
    good: [
      staged("gateway-docker-api-g1", "A gateway on networks of its own", ({ program, network }) => [
        network("search"),
        program("gateway", ["search"]),
        program("other", ["search"]),
      ]),
    ],
    bad: [
      staged("gateway-docker-api-b1", "A filter in front of the socket", ({ program, network }) => [
        network("api"),
        program("gateway", ["api"]),
        program("docker-api-proxy", ["api"], socket),
      ]),
      staged("gateway-docker-api-b2", "The socket itself", ({ program }) => [program("gateway", [], socket)]),
      staged("gateway-docker-api-b3", "A daemon's address", ({ program }) => [
        program("gateway", [], { envs: ["DOCKER_HOST=tcp://192.0.2.1:2376"] }),
      ]),
    ],
  },
};
