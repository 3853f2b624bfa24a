import { staged } from "#lib/agent-examples.ts";
import { graphOf } from "#lib/graph.ts";
import type { Graph, Shown } from "#lib/graph.ts";
import type { Program } from "#lib/programs.ts";
import { show } from "#lib/properties.ts";
import type { Rule } from "#lib/rule.ts";
import { type } from "#lib/types.ts";

const data = (name: (short: string) => string, readOnly = false) => ({
  volumes: [{ volumeName: name("graph"), containerPath: "/data", readOnly }],
});

export const rule: Rule = {
  id: "memory.clients",
  title: "The memory service, and nothing else, reaches the memory store.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI06", "OWASP ASI03"],
  why: "Who writes to the store directly puts words into the agent's memory that no service has checked.",
  fix: "Put store and memory service on an internal network of their own, and give everybody else the service.",
  waivable: "by-label",
  types: [type.container],
  checkStack: (stack) => {
    const graph = graphOf(stack);
    return graph.withRole("memory-store").flatMap((store) =>
      [...graph.waysOut(store), ...strangers(store, graph), ...sharers(store, graph)].map((shown) => ({
        urn: store.resource.urn,
        ...shown,
        expected: "the memory service alone",
      })),
    );
  },
  examples: {
    good: [
      staged("memory-clients-g1", "Store and service on a network of their own", ({ program, network, name }) => [
        network("graph"),
        program("memory-store", ["graph"], data(name)),
        program("memory-service", ["graph"]),
      ]),
    ],
    bad: [
      staged("memory-clients-b1", "Another client", ({ program, network }) => [
        network("graph"),
        program("memory-store", ["graph"]),
        program("memory-service", ["graph"]),
        program("gateway", ["graph"]),
      ]),
      staged("memory-clients-b2", "A network that leads out", ({ program, network }) => [
        network("graph", { internal: false }),
        program("memory-store", ["graph"]),
      ]),
      staged("memory-clients-b3", "A published port", ({ program }) => [
        program("memory-store", [], { ports: [{ internal: 6379, external: 6379, ip: "127.0.0.1" }] }),
      ]),
      staged("memory-clients-b4", "Its files in another container", ({ program, name }) => [
        program("memory-store", [], data(name)),
        program("other", [], data(name, true)),
      ]),
    ],
  },
};

const MAY_REACH = ["memory-service", "memory-store"];
const MAY_READ = ["memory-service", "memory-store", "backup"];

function strangers(store: Program, graph: Graph): Shown[] {
  if (store.onHost) return [];
  const onHost = store.networks.length === 0 ? [] : graph.onHost;
  return [
    ...graph.neighbours(store),
    ...onHost.map((program) => ({
      program,
      property: "networkMode",
      found: `reachable by ${show(program.name)}, which is in the host's network`,
    })),
  ].filter(({ program }) => !MAY_REACH.some((role) => program.roles.has(role)));
}

function sharers(store: Program, graph: Graph): Shown[] {
  return store.mounts.flatMap((mount) =>
    graph
      .sharers(store, mount)
      .filter(({ roles }) => !MAY_READ.some((role) => roles.has(role)))
      // What both only read is not the store's data.
      .filter(({ mounts }) => !mount.readOnly || mounts.some((own) => own.source === mount.source && !own.readOnly))
      .map(({ name }) => ({
        property: mount.property,
        found: `${show(mount.source)}, which ${show(name)} mounts too`,
      })),
  );
}
