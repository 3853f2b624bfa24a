import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/memory/clients.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, network, program } = scene("t");
const own = [network("graph"), program("memory-store", ["graph"]), program("memory-service", ["graph"])];
const volume = (readOnly = false) => ({ volumes: [{ volumeName: "v", containerPath: "/v", readOnly }] });

test("the service alone is in order, and so are two stores of one cluster", () => {
  expect(findings(rule, own)).toEqual([]);
  expect(findings(rule, [...own, program("memory-store", ["graph"], {}, "replica")])).toEqual([]);
});

test.each([
  [
    "the gateway on its network",
    [...own, program("gateway", ["graph"])],
    'networksAdvanced.0.name: "t-graph", where "t-gateway" is',
  ],
  [
    "a program without a role on its network",
    [...own, program("", ["graph"], {}, "web")],
    'networksAdvanced.0.name: "t-graph", where "t-web" is',
  ],
  [
    "a program in the host's network",
    [...own, program("other", [], { networkMode: "host" })],
    'networkMode: reachable by "t-other", which is in the host\'s network',
  ],
  [
    "a published port",
    [program("memory-store", [], { ports: [{ internal: 6379, ip: "127.0.0.1" }] })],
    "ports.0.internal: port 6379, published on 127.0.0.1 of the host",
  ],
  [
    "a network that leads out",
    [network("graph", { internal: false }), program("memory-store", ["graph"])],
    'networksAdvanced.0.name: "t-graph", a network that leads out',
  ],
  ["the host's network", [program("memory-store", [], { networkMode: "host" })], "networkMode: the host's network"],
  [
    "its volume elsewhere",
    [program("memory-store", [], volume()), program("gateway", [], volume(true))],
    'volumes.0.volumeName: "v", which "t-gateway" mounts too',
  ],
])("finds %s", (_, resources, expected) => {
  expect(findings(rule, resources)).toEqual([expected]);
});

test.each(["memory-service", "backup"])("a %s may read the volume", (role) => {
  expect(findings(rule, [program("memory-store", [], volume()), program(role, [], volume(true))])).toEqual([]);
});

test("what both only read is not the store's data", () => {
  const zone = { mounts: [{ type: "bind", source: "/etc/localtime", target: "/etc/localtime", readOnly: true }] };
  expect(findings(rule, [program("memory-store", [], zone), program("gateway", [], zone)])).toEqual([]);
});

test("roles may be declared by a component", () => {
  const bare = [network("graph"), program("", ["graph"], {}, "db"), program("", ["graph"], {}, "web")];
  expect(findings(rule, bare)).toEqual([]);
  expect(findings(rule, [...bare, declares({}, { db: { role: "memory-store" } })])).toHaveLength(1);
  const both = declares({}, { db: { role: "memory-store" }, web: { role: "memory-service" } });
  expect(findings(rule, [...bare, both])).toEqual([]);
});

test("a store that only reads its files shares them with who writes them", () => {
  const reader = program("memory-store", [], volume(true));
  expect(findings(rule, [reader, program("gateway", [], volume())])).toHaveLength(1);
  const [mount] = volume(true).volumes;
  const alsoWrites = { volumes: [mount, { volumeName: "w", containerPath: "/w" }] };
  expect(findings(rule, [reader, program("gateway", [], alsoWrites)])).toEqual([]);
});
