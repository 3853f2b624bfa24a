import fc from "fast-check";
import { expect, test } from "vitest";

import { agentsOf, graphOf } from "#policies/lib/graph.ts";
import { scene } from "#policies/lib/agent-examples.ts";
import { openStack } from "#policies/lib/resource.ts";
import { defaultSettings } from "#policies/lib/settings.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { cpuMs } from "#tests/support/cpu.ts";
import { asGiven, findings, UNKNOWN, runAll } from "../support.ts";

const own = rules.filter(({ id }) => /^(agent|gateway|memory|bridge|backup|gpu)\./.test(id));
const { agent, network, program } = scene("t");

test("a stack's graph and its agents are worked out once", () => {
  const stack = openStack(asGiven([agent()]));
  expect(graphOf(stack)).toBe(graphOf(stack));
  expect(agentsOf(stack, defaultSettings)).toBe(agentsOf(stack, defaultSettings));
  expect(agentsOf(stack, { ...defaultSettings, agents: ["else"] })).toHaveLength(1);
});

const volume = (name: string, more = {}) => ({ volumes: [{ volumeName: name, containerPath: `/${name}`, ...more }] });
const mountsOf = (...resources: Parameters<typeof asGiven>[0]) =>
  graphOf(openStack(asGiven(resources)))
    .programs.find(({ name }) => name === "t-agent")
    ?.mounts.map(({ source, readOnly, property }) => [source, readOnly, property]);

test("a container has the mounts of those whose volumes it gets, and of whose these get", () => {
  const far = program("other", [], volume("far"), "far");
  const near = program("other", [], { volumes: [...volume("near").volumes, { fromContainer: "t-far" }] }, "near");
  const from = (more = {}) => agent({ volumes: [{ fromContainer: "t-near", ...more }] });
  expect(mountsOf(far, near, from())).toEqual([
    ["near", false, "volumes.0.fromContainer"],
    ["far", false, "volumes.0.fromContainer"],
  ]);
  expect(mountsOf(far, near, from({ readOnly: true }))?.map(([, readOnly]) => readOnly)).toEqual([true, true]);
  const readers = program("other", [], { volumes: [{ fromContainer: "t-far", readOnly: true }] }, "near");
  expect(mountsOf(far, readers, from())).toEqual([["far", true, "volumes.0.fromContainer"]]);
  const kept = program("other", [], volume("kept", { readOnly: true }), "near");
  expect(mountsOf(kept, from())).toEqual([["kept", true, "volumes.0.fromContainer"]]);
});

test("containers that get each other's volumes end", () => {
  const other = program("other", [], { volumes: [{ fromContainer: "t-agent" }] }, "near");
  expect(mountsOf(other, agent({ volumes: [{ fromContainer: "t-near" }] }))).toEqual([]);
});

test("a volume is known by its name on the host, and by its name in the program without one", () => {
  const bound = { driverOpts: { type: "none", o: "bind", device: "/srv/x" } };
  const made = (name: string, properties: object) => ({
    type: "docker:index/volume:Volume",
    name,
    properties: { ...bound, ...properties },
  });
  expect(mountsOf(made("logical", { name: "v" }), agent(volume("v")))?.[0]?.[0]).toBe("/srv/x");
  expect(mountsOf(made("v", {}), agent(volume("v")))?.[0]?.[0]).toBe("/srv/x");
  expect(mountsOf(made("v", { name: "else" }), agent(volume("v")))?.[0]?.[0]).toBe("v");
});

test("mounts are read in all their spellings", () => {
  const mounts = [
    { type: "bind", source: "relative", target: "/a" },
    { type: "volume", source: "/srv//a/", target: "/b" },
    { type: "tmpfs", source: "ignored", target: "/c" },
    { type: "volume", target: "/anonymous" },
    { type: "volume", source: "v", target: "/d", volumeOptions: { driverOptions: { device: "/srv/d", o: "bind" } } },
  ];
  expect(mountsOf(agent({ mounts }))?.map(([source]) => source)).toEqual(["/relative", "/srv/a", "/srv/d"]);
});

test("preview's unknown networks are not the default one", () => {
  const graph = graphOf(openStack(asGiven([agent({ networkMode: undefined, networksAdvanced: UNKNOWN })])));
  expect(graph.programs.map(({ networks }) => networks)).toEqual([[]]);
  const mode = graphOf(openStack(asGiven([agent({ networkMode: UNKNOWN })])));
  expect(mode.programs.map(({ networks }) => networks)).toEqual([[]]);
});

test("the order of resources changes no finding", () => {
  const resources = [
    network("a"),
    agent({ networkMode: "t-a" }),
    program("gateway", ["a"]),
    program("memory-store", ["a"]),
  ];
  const all = (order: typeof resources) => own.map((rule) => findings(rule, order).sort());
  expect(all([...resources].reverse())).toEqual(all(resources));
});

const field = fc.constantFrom(
  "name",
  "networkMode",
  "networksAdvanced",
  "mounts",
  "volumes",
  "ports",
  "envs",
  "labels",
  "tmpfs",
  "user",
  "uploads",
  "command",
  "logOpts",
  "logDriver",
  "garrisonDeclarations",
  "internal",
  "options",
  "driverOpts",
  "identity",
  "__proto__",
);
const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    "container:t-agent",
    "host",
    "\0",
    "__proto__",
    ["__proto__"],
    [null],
    [[]],
    { __proto__: null },
    Number.NaN,
  ),
  fc.array(
    fc.dictionary(
      fc.constantFrom("name", "source", "target", "type", "label", "value", "fromContainer", "ip"),
      fc.jsonValue(),
    ),
  ),
);
const kind = fc.constantFrom(
  "docker:index/container:Container",
  "docker:index/network:Network",
  "docker:index/volume:Volume",
  "garrison:stack:Machine",
  "garrison:files:HostFiles",
  "azure-native:compute:VirtualMachine",
);

test("no shape of properties crashes a rule", () => {
  const resource = fc.record({
    type: kind,
    name: fc.string(),
    properties: fc.dictionary(field, hostile, { maxKeys: 6 }),
  });
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 4 }), (resources) => {
      runAll(own, [...resources, agent(), program("gateway", [])], { settings: { requireBackups: true } });
    }),
    { numRuns: 300 },
  );
});

test("ten thousand containers on one network are judged in a moment", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => program("other", ["a"], {}, `n${String(index)}`));
  const resources = asGiven([network("a"), ...many, agent({ networkMode: "t-a" })]);
  const started = cpuMs();
  const graph = graphOf(openStack(resources));
  const [only] = graph.programs.filter(({ name }) => name === "t-agent");
  expect(only && graph.neighbours(only)).toHaveLength(10_000);
  expect(cpuMs() - started).toBeLessThan(3000);
});
