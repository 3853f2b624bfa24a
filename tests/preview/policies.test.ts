import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { container, exampleImage, labels } from "../../policies/lib/examples.ts";
import type { Example, ExampleResource } from "../../policies/lib/rule.ts";
import { rules } from "../../policies/rules/catalogue.ts";
import type { TestEngine } from "../support/engine.ts";
import { makeEngine } from "../support/engine.ts";
import { run } from "../unit/policies/support.ts";

const pack = resolve(import.meta.dirname, "../../policies");
const mandatory = rules.filter((rule) => rule.level === "mandatory");

let engine: TestEngine;

beforeAll(async () => {
  engine = await makeEngine({ program: "" });
});

afterAll(async () => {
  await engine.dispose();
});

/** Previews a program with these resources. No daemon is asked: the host is one that preview does not connect to. */
async function preview(resources: readonly ExampleResource[], args: readonly string[] = [], more = "") {
  await engine.setProgram(programOf(resources, more));
  return engine.pulumi(["preview", "--policy-pack", pack, ...args]);
}

function programOf(resources: readonly ExampleResource[], more: string): string {
  return `
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

class Component extends pulumi.ComponentResource {
  constructor(type, name, outputs) {
    super(type, name);
    this.registerOutputs(outputs);
  }
}

const provider = new docker.Provider("docker", { host: "ssh://nobody@192.0.2.1" });
const classes = {
  "docker:index/container:Container": docker.Container,
  "docker:index/volume:Volume": docker.Volume,
  "docker:index/remoteImage:RemoteImage": docker.RemoteImage,
};
const made = new Map();
for (const { type, name, properties, parent } of ${JSON.stringify(resources)}) {
  const Class = classes[type];
  const options = { provider, parent: made.get(parent) };
  made.set(name, Class ? new Class(name, properties, options) : new Component(type, name, properties));
}
${more}`;
}

/** Several examples in one program: every resource gets a name of its own. */
function together(examples: readonly Example[]): ExampleResource[] {
  return examples.flatMap(({ resources }, index) => {
    const rename = (name: string) => `${name}-${String(index)}`;
    return resources.map(({ parent, ...resource }) => ({
      ...resource,
      name: rename(resource.name),
      ...(parent !== undefined && { parent: rename(parent) }),
    }));
  });
}

describe("the engine and the pack", () => {
  test("a clean container passes, with one line of advice", async () => {
    const { exitCode, output } = await preview([container({})]);
    expect(output).toContain("[advisory] [severity: low]  container.process-limit-advice");
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test.each(mandatory.map((rule) => ({ id: rule.id, rule })))("$id refuses its bad examples", async ({ rule }) => {
    const resources = together(rule.examples.bad);
    const { exitCode, output } = await preview(resources);
    expect(exitCode).toBe(1);
    expect(output).toContain(`[mandatory] [severity: ${rule.severity}]  ${rule.id}`);
    expect(output).toContain(rule.fix);
    const expected = run(rule, resources).verdicts;
    for (const { finding, resource } of expected) {
      expect(output).toContain(`${resource?.name ?? ""}: ${finding.property} is ${finding.found}; expected`);
    }
    // Each example is found for itself, not only by company.
    for (const example of rule.examples.bad) expect(run(rule, example.resources).verdicts).not.toEqual([]);
    expect(expected.length).toBeGreaterThanOrEqual(rule.examples.bad.length);
  });

  test("all good examples pass the whole pack", async () => {
    const { exitCode, output } = await preview(together(mandatory.flatMap((rule) => rule.examples.good)));
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test("what preview cannot know is named in an advisory line, and the rest is judged", async () => {
    const program = `
const network = new docker.Network("net", { name: "net" }, { provider });
new docker.Container("later", { ...${JSON.stringify(container({}).properties)}, user: network.id, pidMode: "host" }, { provider });`;
    const { exitCode, output } = await preview([], [], program);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/\[mandatory\].*container\.host-namespaces {2}\(docker:index:Container: later\)/);
    expect(output).not.toMatch(/\[mandatory\].*container\.user/);
    expect(output).toMatch(/\[advisory\].*container\.user[^[]*not known before the update \(later: user\)/s);
  });

  test("what becomes known during the update stops it before the resource is made", async () => {
    const program = `
import * as random from "@pulumi/random";
const uid = new random.RandomInteger("uid", { min: 0, max: 0 });
new docker.Container("later", { ...${JSON.stringify(container({}).properties)}, user: pulumi.interpolate\`\${uid.result}\` }, { provider });`;
    await engine.setProgram(programOf([], program));
    const { exitCode, output } = await engine.pulumi(["up", "--yes", "--policy-pack", pack]);
    expect(exitCode).toBe(1);
    expect(output).toContain('later: user is "0"; expected a uid');
    // The integer exists, so its preview passed and the update began.
    const made = (await engine.resources()).map((resource) => resource.type);
    expect(made).toContain("random:index/randomInteger:RandomInteger");
    expect(made).not.toContain("docker:index/container:Container");
  });

  test("the pack configuration decides what a label may waive", async () => {
    const waived = labels({ "garrison.waivers": "container.privileged" });
    const resources = [container({ privileged: true, labels: waived })];
    expect((await preview(resources)).exitCode).toBe(1);
    const config = join(engine.project, "allowed.json");
    await writeFile(config, JSON.stringify({ "container.privileged": { waivableByLabel: true } }));
    const { exitCode, output } = await preview(resources, ["--policy-pack-config", config]);
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test("a setting of the wrong type is refused", async () => {
    const config = join(engine.project, "wrong.json");
    await writeFile(config, JSON.stringify({ "container.user": { waivableByLabel: "yes" } }));
    const { exitCode, output } = await preview([container({})], ["--policy-pack-config", config]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("waivableByLabel");
  });
});

describe("pulumi policy analyze", () => {
  const type = "docker:index/container:Container";

  async function analyze(properties: object) {
    const file = join(engine.project, "state.json");
    const time = "2026-01-01T00:00:00Z";
    const stack = { urn: "urn:pulumi:test::probe::pulumi:pulumi:Stack::probe-test", custom: false };
    const urn = `urn:pulumi:test::probe::${type}::gateway`;
    const resources = [
      { ...stack, type: "pulumi:pulumi:Stack" },
      { urn, type, custom: true, id: "abc", inputs: properties, outputs: properties, parent: stack.urn },
    ];
    const deployment = { manifest: { time, magic: "", version: "" }, resources };
    await writeFile(file, JSON.stringify({ version: 3, deployment }));
    return engine.pulumi(["policy", "analyze", "--file", file, "--policy-pack", pack]);
  }

  test("accepts a clean state and refuses a bad one", async () => {
    const clean = await analyze(container({}).properties);
    expect(clean.output).not.toContain("[mandatory]");
    expect(clean.exitCode).toBe(0);
    const bad = await analyze(container({ image: exampleImage.split("@")[0], pidMode: "host" }).properties);
    expect(bad.exitCode).toBe(1);
    expect(bad.output).toContain('gateway: pidMode is "host"');
    expect(bad.output).toContain('gateway: image is "docker.io/library/example"');
  });
});
