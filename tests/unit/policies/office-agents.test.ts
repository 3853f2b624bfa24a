import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { officeGraph } from "#tests/support/office-graph.ts";
import { findings } from "./support.ts";

const DOMAINS = /^(agent|gateway|memory|bridge|backup|gpu)\./;
const own = rules.filter(({ id }) => DOMAINS.test(id));

/** The office machine as the rules see it: inputs of resources, outputs of components. */
let graph: readonly ExampleResource[];

beforeAll(async () => {
  graph = await officeGraph();
});

function withProgram(name: string, changes: Readonly<Record<string, unknown>>): ExampleResource[] {
  return graph.map((resource) =>
    resource.properties.name === name && resource.type.includes("Container")
      ? { ...resource, properties: { ...resource.properties, ...changes } }
      : resource,
  );
}

/** The office with another value at a path of the gateway's configuration. */
function configured(path: readonly string[], value: unknown): ExampleResource[] {
  return graph.map((resource) => {
    if (resource.type !== "garrison:stack:Machine") return resource;
    const properties = structuredClone(resource.properties) as Record<string, unknown>;
    const full = ["garrisonDeclarations", "programs", "office-openclaw-gateway", "configuration", ...path];
    const last = full.pop() ?? "";
    let inside = properties;
    for (const name of full) inside = inside[name] as Record<string, unknown>;
    inside[last] = value;
    return { ...resource, properties };
  });
}

function found(resources: readonly ExampleResource[]): string[] {
  return own
    .filter((rule) => findings(rule, resources, { settings: { asOf: "2026-11-25" } }).length > 0)
    .map(({ id }) => id);
}

describe("the office machine", () => {
  test("breaks no rule that it has not waived", () => {
    expect(rules.flatMap((rule) => findings(rule, graph, { settings: { asOf: "2026-11-25" } }))).toEqual([]);
  });

  test("says in its waivers where it does", () => {
    const bare = graph.map((resource) => {
      if (!Array.isArray(resource.properties.labels)) return resource;
      const labels = (resource.properties.labels as { label: string }[]).filter(
        ({ label }) => label !== "garrison.waivers",
      );
      return { ...resource, properties: { ...resource.properties, labels } };
    });
    expect(found(bare)).toEqual(["agent.volumes", "agent.guard", "gateway.cost-limits"]);
    const guard = own.find(({ id }) => id === "agent.guard");
    expect(guard && findings(guard, bare)).toEqual([
      'networksAdvanced: a guard that is declared, not enforced: "office-egress-proxy" leads round it',
    ]);
  });

  test("hands no secret to the policies", () => {
    const machine = graph.find(({ type }) => type === "garrison:stack:Machine");
    expect(JSON.stringify(machine?.properties)).not.toMatch(/@\{secret:|value of /);
  });

  test.each([
    [
      "a sandbox on the gateway's network",
      "office-openclaw-sandbox",
      { networkMode: undefined, networksAdvanced: [{ name: "office-out-gateway" }] },
      ["agent.network"],
    ],
    [
      "the Docker API on the browser's network",
      "office-docker-socket-proxy",
      { networkMode: undefined, networksAdvanced: [{ name: "office-out-browser" }] },
      ["agent.docker-api"],
    ],
    [
      "a sandbox with the egress proxy and private data",
      "office-openclaw-sandbox-sub",
      { networkMode: undefined, networksAdvanced: [{ name: "office-out-browser" }] },
      ["agent.network", "agent.rule-of-two"],
    ],
    ["a sandbox with a key", "office-openclaw-sandbox", { envs: ["OPENAI_API_KEY=abcdefgh"] }, ["agent.secrets"]],
    [
      "a sandbox with the gateway's files",
      "office-openclaw-sandbox",
      { mounts: [{ type: "bind", source: "/run/garrison/office/openclaw-gateway", target: "/x", readOnly: true }] },
      ["agent.secrets"],
    ],
    [
      "a second client of the graph database",
      "office-searxng",
      { networkMode: undefined, networksAdvanced: [{ name: "office-graph" }] },
      ["memory.clients"],
    ],
    [
      "a published gateway",
      "office-openclaw-gateway",
      { ports: [{ internal: 18789, external: 18789 }] },
      ["agent.model-gateway"],
    ],
  ] as const)("is refused with %s", (_, name, changes, expected) => {
    expect(found(withProgram(name, changes))).toEqual(expect.arrayContaining([...expected]));
  });

  test.each([
    [["channels", "telegram", "allowFrom"], ["*"], "gateway.senders"],
    [["channels", "telegram", "dmPolicy"], "open", "gateway.senders"],
    [["gateway", "auth", "mode"], "none", "gateway.auth"],
    [["tools", "elevated"], { enabled: true, allowFrom: { telegram: ["*"] } }, "gateway.elevated"],
    [["tools", "exec", "host"], "gateway", "gateway.host-exec"],
    [["agents", "defaults", "sandbox", "mode"], "off", "gateway.sandbox"],
    [["agents", "defaults", "sandbox", "docker", "network"], "bridge", "gateway.sandbox"],
    [["agents", "defaults", "sandbox", "docker", "readOnlyRoot"], false, "gateway.sandbox"],
    [["agents", "defaults", "sandbox", "docker", "capDrop"], [], "gateway.sandbox"],
  ] as const)("is refused with %j set to %j", (path, value, expected) => {
    expect(found(configured(path, value))).toEqual([expected]);
  });
});

test("the published schema has the text that the rules use", async () => {
  const { publishedSchema } = await import("#policies/lib/declarations-schema.ts");
  const file = new URL("../../../policies/declarations.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(publishedSchema);
});
