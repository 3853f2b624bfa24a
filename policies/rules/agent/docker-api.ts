import { on, staged } from "#lib/agent-examples.ts";
import { agentsOf, controlOf, graphOf } from "#lib/graph.ts";
import type { Shown } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import type { Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";
import { show } from "#lib/properties.ts";

const socket = { mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" }] };

export const rule: Rule = {
  id: "agent.docker-api",
  title: "No agent reaches a container daemon, by itself or through another container.",
  severity: "critical",
  level: "mandatory",
  references: ["CIS Docker 1.6.0, 5.32", "OWASP ASI03", "OWASP ASI05"],
  why: "Who can ask the daemon for a container is root on the host, and a filter on the way is one mistake from open.",
  fix: "Take the agent off every network of a container that holds a control socket; let the gateway ask in its place.",
  waivable: "never",
  types: [type.container],
  checkStack: (stack, { settings }) =>
    agentsOf(stack, settings).flatMap((agent) =>
      [...ownControl(agent), ...controlWithin(agent, stack)].map(({ property, found }) => ({
        urn: agent.resource.urn,
        property,
        found,
        expected: "no way to a daemon's socket or API",
      })),
    ),
  examples: {
    good: [
      staged("agent-docker-api-g1", "The socket is on other networks", ({ agent, program, network, name }) => [
        network("out"),
        agent(on([name("out")])),
        program("egress-proxy", ["out"]),
        network("api"),
        program("docker-api-proxy", ["api"]),
      ]),
    ],
    bad: [
      staged("agent-docker-api-b1", "A network with who holds the socket", ({ agent, program, network, name }) => [
        network("api"),
        agent(on([name("api")])),
        program("other", ["api"], socket),
      ]),
      staged("agent-docker-api-b2", "A declared proxy of the API", ({ agent, program, network, name }) => [
        network("api"),
        agent(on([name("api")])),
        program("docker-api-proxy", ["api"]),
      ]),
      staged("agent-docker-api-b3", "The address of a daemon", ({ agent }) => [
        agent({ envs: ["DOCKER_HOST=tcp://192.0.2.1:2375"] }),
      ]),
      staged("agent-docker-api-b4", "The host's network, where the socket's owner is", ({ agent, program }) => [
        agent({ networkMode: "host" }),
        program("other", [], { ...socket, networkMode: "host" }),
      ]),
      staged("agent-docker-api-b5", "A socket of its own", ({ agent }) => [agent(socket)]),
    ],
  },
};

function ownControl(agent: Program): Shown[] {
  return [controlOf(agent) ?? []].flat();
}

/** What the agent shares a network with, and, with any network at all, what listens on the host itself. */
function controlWithin(agent: Program, stack: Stack): Shown[] {
  const graph = graphOf(stack);
  const onHost = agent.networks.length === 0 ? [] : graph.onHost;
  const reached = new Map([
    ...onHost.map((program) => [program, "networkMode"] as const),
    ...graph.neighbours(agent).map(({ program, property }) => [program, property] as const),
  ]);
  return [...reached].flatMap(([program, property]) => {
    const control = program.resource === agent.resource ? undefined : controlOf(program);
    if (control === undefined) return [];
    return [{ property, found: `a way to ${show(program.name)}, which has ${control.found}` }];
  });
}
