import { describe, expect, test } from "vitest";

import { bridge, scene } from "#policies/lib/agent-examples.ts";
import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/declaration.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, declares, program } = scene("t");
const marked = (marks: Readonly<Record<string, string>>) => findings(rule, [container({ labels: labels(marks) })]);
const declared = (value: unknown) =>
  findings(rule, [agent(), { type: "acme:index:Thing", name: "thing", properties: { garrisonDeclarations: value } }]);

describe("labels", () => {
  test.each(["agent", "Gateway", " memory-store "])("accept the role %j", (role) => {
    expect(marked({ "garrison.role": role })).toEqual([]);
  });

  test.each(["", "agnet", "agents", "agent,gateway", "__proto__"])("refuse the role %j", (role) => {
    expect(marked({ "garrison.role": role })).toHaveLength(1);
  });

  test("judge what an agent is trusted with", () => {
    expect(marked({ "garrison.trust": "acts, private-data" })).toEqual([]);
    expect(marked({ "garrison.trust": "acts,everything,nothing" })).toHaveLength(2);
  });

  test("say nothing of other labels", () => {
    expect(marked({ role: "agnet", trust: "all" })).toEqual([]);
  });
});

describe("a declaration", () => {
  test.each([
    [{}],
    [{ programs: { "t-agent": { role: "agent", trust: [], configuration: "{}" } } }],
    [{ bridges: [bridge("t")] }],
    [{ flows: [{ from: "a", to: "b", ports: ["80", "53/udp"] }] }],
    [{ models: [{ name: "m", bytes: 1, kvBytes: 0, vramBytes: 1, utilisation: 1 }] }],
    [{ programs: { "t-agent": { role: UNKNOWN } } }],
    [{ bridges: UNKNOWN }],
    [UNKNOWN],
  ])("is in order: %j", (value) => {
    expect(declared(value)).toEqual([]);
  });

  test.each([
    ["agents", "garrisonDeclarations"],
    [[], "garrisonDeclarations"],
    [{ agents: [] }, "garrisonDeclarations.agents"],
    [{ requireDeclaration: "yes" }, "garrisonDeclarations.requireDeclaration"],
    [{ programs: { "t-agent": { role: "Agent" } } }, "garrisonDeclarations.programs.t-agent.role"],
    [{ programs: { "t-agent": { trust: "acts" } } }, "garrisonDeclarations.programs.t-agent.trust"],
    [{ programs: { "t-agent": { configuration: 1 } } }, "garrisonDeclarations.programs.t-agent.configuration"],
    [{ programs: { "t-else": {} } }, "garrisonDeclarations.programs"],
    [{ bridges: [{ from: "a", to: "b" }] }, "garrisonDeclarations.bridges.0.key"],
    [{ backupSets: [{ name: "s", volumes: [1] }] }, "garrisonDeclarations.backupSets.0.volumes.0"],
    [{ backupSets: [{ name: "s", volumes: [], drilled: "June" }] }, "garrisonDeclarations.backupSets.0.drilled"],
    [{ flows: [{ from: "a", to: "b", ports: ["http"] }] }, "garrisonDeclarations.flows.0.ports.0"],
    [
      { models: [{ name: "m", bytes: 1, kvBytes: 0, vramBytes: 1, utilisation: 90 }] },
      "garrisonDeclarations.models.0.utilisation",
    ],
    [{ blocked: [""] }, "garrisonDeclarations.blocked.0"],
    [{ constructor: {} }, "garrisonDeclarations.constructor"],
  ])("is not: %j", (value, path) => {
    expect(declared(value).map((line) => line.split(": ")[0])).toEqual([path]);
  });

  test("many mistakes are cut off, and long values shortened", () => {
    const lines = declared({ blocked: Array.from({ length: 10_000 }, () => ""), stateless: [1] });
    expect(lines.length).toBeLessThanOrEqual(21);
    expect(declared({ bridges: "x".repeat(10_000) })[0]?.length).toBeLessThan(200);
  });
});

describe("a configuration of a gateway", () => {
  const configured = (configuration: unknown) =>
    findings(rule, [agent(), program("gateway", []), declares({}, { gateway: { configuration } })]);

  test.each(["{}", "// JSON5\n{ a: 'b', }", { a: 1 }, UNKNOWN])("can be read: %j", (configuration) => {
    expect(configured(configuration)).toEqual([]);
  });

  test.each(["{", "a: b", "", "[".repeat(100_000)])("cannot be read", (configuration) => {
    expect(configured(configuration)).toEqual([
      "garrisonDeclarations.programs.t-gateway.configuration: a text that is not JSON5",
    ]);
  });

  test("is looked for in what is uploaded, too", () => {
    const uploads = [{ file: "/etc/openclaw/openclaw.json", content: "{" }];
    expect(findings(rule, [program("gateway", [], { uploads })])).toEqual([
      "uploads.0.content: a text that is not JSON5",
    ]);
  });
});

describe("an agent that has to be there", () => {
  const bare = container({}, "bare");
  const asked = declares({ requireDeclaration: true });

  test("by the settings", () => {
    expect(findings(rule, [bare], { settings: { requireDeclaration: true } })).toEqual([
      "labels: asked for, and no agent is declared",
    ]);
    expect(findings(rule, [bare])).toEqual([]);
  });

  test("by a component", () => {
    expect(findings(rule, [bare, asked])).toEqual([
      "garrisonDeclarations.requireDeclaration: asked for, and no agent is declared",
    ]);
    expect(findings(rule, [bare, asked], { settings: { agents: ["bare"] } })).toEqual([]);
    expect(findings(rule, [agent(), asked])).toEqual([]);
  });

  test("by a component, among its own containers", () => {
    const own = { ...container({}, "own"), parent: asked.name };
    expect(findings(rule, [asked, own, agent()])).toHaveLength(1);
    expect(findings(rule, [asked, { ...agent(), parent: asked.name }, bare])).toEqual([]);
  });

  test("but not in a program without containers", () => {
    expect(findings(rule, [asked], { settings: { requireDeclaration: true } })).toEqual([]);
  });
});

test("a declared name is not looked for while preview does not know all names", () => {
  const later = container({ name: UNKNOWN }, "later");
  expect(findings(rule, [agent(), later, declares({}, { later: { role: "guard" } })])).toEqual([]);
});
