import { describe, expect, test } from "vitest";

import { on, scene } from "#policies/lib/agent-examples.ts";
import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/network.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, declares, network, program } = scene("t");
const inside = network("in");
const proxy = program("egress-proxy", ["in"]);
const proxied = agent(on(["t-in"]));

test("an agent alone with the egress proxy is as good as one without a network", () => {
  expect(findings(rule, [agent()])).toEqual([]);
  expect(findings(rule, [inside, proxy, proxied])).toEqual([]);
});

test.each([
  ["the network leads out", [network("in", { internal: false }), proxy, proxied], '"t-in", a network that leads out'],
  [
    "it does not say that it is internal",
    [network("in", { internal: undefined }), proxied],
    '"t-in", a network that leads out',
  ],
  ["internal is the text false", [network("in", { internal: "false" }), proxied], '"t-in", a network that leads out'],
  ["the program does not declare it", [proxied], '"t-in", a network that this program does not declare'],
  ["another service is on it", [inside, proxy, proxied, program("gateway", ["in"])], '"t-in", where "t-gateway" is'],
  ["another agent is on it", [inside, proxied, agent({ networkMode: "t-in" }, "twin")], '"t-in", where "t-twin" is'],
])("finds it when %s", (_, resources, expected) => {
  expect(findings(rule, resources)).toContain(`networksAdvanced.0.name: ${expected}`);
});

test.each([
  ["host", "networkMode: the host's network"],
  ["HOST", "networkMode: the host's network"],
  ["bridge", 'networkMode: "bridge", Docker\'s default bridge'],
  ["default", 'networkMode: "bridge", Docker\'s default bridge'],
  ["", 'networkMode: "bridge", Docker\'s default bridge'],
  ["container:elsewhere", 'networkMode: "container:elsewhere", another\'s network'],
])("finds the mode %j", (networkMode, expected) => {
  expect(findings(rule, [agent({ networkMode })])).toContain(expected);
});

test.each(["", "bridge", "default", undefined])(
  "networks by name leave the bridge that the mode %j says",
  (networkMode) => {
    const named = (changes: object) =>
      findings(rule, [inside, proxy, agent({ ...on(["t-in"]), networkMode, ...changes })]);
    expect(named({})).toEqual([]);
    expect(named({ networksAdvanced: [] })).toEqual(['networkMode: "bridge", Docker\'s default bridge']);
    expect(named({ networksAdvanced: UNKNOWN })).toEqual([]);
  },
);

test("who is on the bridge by default and who is by name are company", () => {
  const [first, second] = [agent({ networkMode: "default" }), agent({ networkMode: undefined }, "second")];
  expect(findings(rule, [first, second])).toContain('networkMode: "bridge", where "t-second" is');
});

test("sees through the network of another container, however long the chain", () => {
  const chain = [
    network("open", { internal: false }),
    agent({ networkMode: "container:t-one" }),
    program("other", [], { networkMode: "container:t-two" }, "one"),
    program("other", ["open"], {}, "two"),
  ];
  expect(findings(rule, chain)).toContain('networkMode: "t-open", a network that leads out');
});

test("a circle of shared networks ends", () => {
  const circle = [
    agent({ networkMode: "container:t-one" }),
    program("other", [], { networkMode: "container:t-agent" }, "one"),
  ];
  expect(findings(rule, circle)).not.toEqual([]);
});

const apart = (value: unknown) => network("in", { options: { "com.docker.network.bridge.enable_icc": value } });

test.each(["false", "FALSE", "0", "f", false])("members that a network keeps apart are no company: %j", (value) => {
  expect(findings(rule, [apart(value), proxied, program("gateway", ["in"])])).toEqual([]);
});

test.each(["true", "1", ""])("others are: %j", (value) => {
  expect(findings(rule, [apart(value), proxied, program("gateway", ["in"])])).toHaveLength(1);
});

test("of two networks with one name the weaker counts", () => {
  const weak = { ...network("in", { internal: false }), name: "second" };
  for (const networks of [
    [apart("false"), weak],
    [weak, apart("false")],
  ])
    expect(findings(rule, [...networks, proxied, program("gateway", ["in"])])).toEqual([
      'networksAdvanced.0.name: "t-in", a network that leads out',
      'networksAdvanced.0.name: "t-in", where "t-gateway" is',
    ]);
});

describe("who is an agent", () => {
  const bare = agent({ ...on(["t-in"]), labels: [] });
  const exposed = [network("in", { internal: false }), bare];

  test("nobody, when nothing says so", () => {
    expect(findings(rule, exposed)).toEqual([]);
  });

  test.each(["t-agent"])("who the settings name: %s", (name) => {
    expect(findings(rule, exposed, { settings: { agents: [name] } })).toHaveLength(1);
  });

  test("who a component declares", () => {
    expect(findings(rule, [...exposed, declares({}, { agent: { role: "agent" } })])).toHaveLength(1);
  });

  test("who is labelled, in any case", () => {
    const labelled = agent({ ...on(["t-in"]), labels: labels({ "garrison.role": " Agent " }) });
    expect(findings(rule, [network("in", { internal: false }), labelled])).toHaveLength(1);
  });
});

test("concludes nothing from what preview cannot know", () => {
  const later = agent({ networkMode: UNKNOWN, networksAdvanced: undefined });
  expect(run(rule, [later])).toEqual({ verdicts: [], unknown: expect.arrayContaining(["networkMode"]) as unknown });
  expect(findings(rule, [network("in", { internal: UNKNOWN }), proxied])).toEqual([]);
});

test("a label waives it", () => {
  const waived = agent({
    networkMode: "host",
    labels: labels({ "garrison.role": "agent", "garrison.waivers": rule.id }),
  });
  expect(findings(rule, [waived])).toEqual([]);
});
