import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fillDefaults } from "#helpers/pulumi/docker-defaults.ts";
import type { Properties } from "#helpers/pulumi/values.ts";
import { container, exampleImage, labels } from "#policies/lib/examples.ts";
import { configurations } from "#policies/configurations.ts";
import { lineOf, partsOf } from "#policies/lib/finding-text.ts";
import type { Verdict } from "#policies/lib/judge.ts";
import type { Example, ExampleResource, Rule } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import type { TestEngine } from "../support/engine.ts";
import { makeEngine } from "../support/engine.ts";
import { stateOf } from "../support/policy-state.ts";
import { run, urnOf } from "../unit/policies/support.ts";

const pack = resolve(import.meta.dirname, "../../policies");
/** What a test program declares as what it is; anything else is a component with outputs. */
const CLASSES = {
  "docker:index/container:Container": "docker.Container",
  "docker:index/network:Network": "docker.Network",
  "docker:index/volume:Volume": "docker.Volume",
  "docker:index/remoteImage:RemoteImage": "docker.RemoteImage",
};

const mandatory = rules.filter((rule) => rule.level === "mandatory");
/** The examples that the plugins here can preview, and that need no settings. */
const previewable = ({ resources, settings }: Example): boolean => settings === undefined && resources.every(previewed);

/** A label alone waives only where nothing belongs to an estate; in this program something does. */
const poolable = ({ resources }: Example): boolean => {
  const text = JSON.stringify(resources);
  return !text.includes('"garrison.waivers"') || text.includes("HardenedContainer");
};

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
    super(type, name, outputs);
    this.registerOutputs(outputs);
  }
}

/** The properties with those that are secret marked, by their paths. */
function marked(properties, secrets) {
  for (const path of secrets) {
    const names = path.split(".");
    const last = names.pop();
    const holder = names.reduce((inner, name) => inner[name], properties);
    holder[last] = pulumi.secret(holder[last]);
  }
  return properties;
}

const provider = new docker.Provider("docker", { host: "ssh://nobody@192.0.2.1" });
const classes = { ${Object.entries(CLASSES)
    .map(([type, name]) => `"${type}": ${name}`)
    .join(", ")} };
const made = new Map();
for (const { type, name, properties: plain, secrets = [], parent } of ${JSON.stringify(resources)}) {
  const properties = marked(plain, secrets);
  const Class = classes[type];
  const options = { provider, parent: made.get(parent) };
  made.set(name, Class ? new Class(name, properties, options) : new Component(type, name, properties));
}
${more}`;
}

/** What the lab's plugin refuses: it builds no images and has no devices to hand out. */
const REFUSED = ["build", "deviceRequests", "gpus"];

function previewed({ type, properties }: ExampleResource): boolean {
  if (type.startsWith("garrison:")) return true;
  return Object.hasOwn(CLASSES, type) && REFUSED.every((name) => properties[name] === undefined);
}

/** The line of a finding. What a rule over the stack found may name any of several resources, whichever came first. */
function shown(rule: Rule, verdict: Verdict): string {
  const line = lineOf(partsOf(rule, verdict));
  return rule.checkStack === undefined ? line : line.slice(0, line.indexOf(" is ") + " is ".length);
}

/** The engine says of the resources what each rule finds on them, and no more, each in a line that fits the screen. */
function expectAll(output: string, resources: readonly ExampleResource[]): void {
  const lines = output.split("\n");
  for (const rule of rules) {
    const { verdicts } = run(rule, resources);
    for (const verdict of verdicts) expect(output).toContain(shown(rule, verdict));
    const headings = lines.filter((line) => line.includes(`]  ${rule.id}  (`));
    expect(headings.length, rule.id).toBe(verdicts.length);
  }
  const said = lines.filter((line) => / is .*; expected /.test(line));
  expect(said.length).toBeGreaterThan(0);
  for (const line of said) expect(line.length, line).toBeLessThanOrEqual(160);
}

/** With what the provider's Check fills in before a policy sees it. */
function asChecked(one: ExampleResource): ExampleResource {
  const properties = structuredClone(one.properties) as Properties;
  if (one.type === "docker:index/container:Container") fillDefaults(properties);
  if (one.type === "docker:index/network:Network") properties.ipamDriver ??= "default";
  return { ...one, properties };
}

/** Several examples in one program: every resource, and what it is called on the host, gets a name of its own. */
function together(examples: readonly Example[]): ExampleResource[] {
  return examples.flatMap(({ resources }, index) => {
    const names = resources
      .flatMap(({ name, properties }) => [name, properties.name ?? name])
      // The name of an image is no name of this program's.
      .filter((name): name is string => typeof name === "string" && /^[\w.-]+$/.test(name));
    return [...new Set(names)].reduce<ExampleResource[]>(
      (renamed, name) => everywhereRenamed(renamed, name, `${name}-${String(index)}`),
      [...resources],
    );
  });
}

function everywhereRenamed(resources: ExampleResource[], from: string, to: string): ExampleResource[] {
  const word = new RegExp(`(?<![\\w./:-])${from.replace(/[^\w-]/g, "\\$&")}(?![\\w./-])`, "g");
  return JSON.parse(JSON.stringify(resources).replace(word, to)) as ExampleResource[];
}

describe("the engine and the pack", () => {
  test("a clean container passes, with one line of advice", async () => {
    const { exitCode, output } = await preview([container({})]);
    expect(output).toContain("[advisory] [severity: low]  container.process-limit-advice");
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test("the engine finds in a program what the rules find, and no more", async () => {
    const resources = together(rules.flatMap((rule) => rule.examples.bad.filter(previewable)));
    const { exitCode, output } = await preview(resources);
    expect(exitCode).toBe(1);
    expectAll(output, resources.map(asChecked));
  });

  test("all good examples pass the whole pack", async () => {
    const { exitCode, output } = await preview(
      together(mandatory.flatMap((rule) => rule.examples.good.filter(previewable).filter(poolable))),
    );
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
    expect(output).toMatch(
      /\[advisory\].*pack\.unjudged[^[]*Not known before the update, and judged then: user of later\./s,
    );
    expect(output).toMatch(/\[advisory\].*pack\.explained[^[]*node \S+\/policies\/explain\.cjs <rule>/s);
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
    expect(output).toContain("Waived: container.privileged (example).");
    expect(exitCode).toBe(0);
  });

  test("a configuration by the environment names resolvers, and no component does by its type", async () => {
    const hardened = { type: "garrison:container:HardenedContainer", name: "hardened", properties: {} };
    const resources = [hardened, { ...container({ dns: ["192.0.2.66"] }), parent: "hardened" }];
    expect((await preview(resources)).output).toContain("container.name-resolution");
    const config = join(engine.project, "resolvers.json");
    await writeFile(config, JSON.stringify({ "pack.settings": { resolvers: ["192.0.2.66"] } }));
    const env = { PULUMI_OPTION_POLICY_PACK: pack, PULUMI_OPTION_POLICY_PACK_CONFIG: config };
    const { output } = await engine.pulumi(["preview"], { env });
    expect(output).toContain("agent.declared");
    expect(output).not.toContain("container.name-resolution");
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
  async function analyze(resources: readonly ExampleResource[], configuration: object = {}) {
    const [file, config] = [join(engine.project, "state.json"), join(engine.project, "config.json")];
    await writeFile(file, stateOf(resources));
    await writeFile(config, JSON.stringify(configuration));
    const pulumi = ["policy", "analyze", "--file", file, "--policy-pack", pack, "--policy-pack-config", config];
    return engine.pulumi(pulumi);
  }

  test("accepts a clean state and refuses a bad one", async () => {
    const clean = await analyze([container({})]);
    expect(clean.output).not.toContain("[mandatory]");
    expect(clean.exitCode).toBe(0);
    const bad = await analyze([container({ image: exampleImage.split("@")[0], pidMode: "host" }, "gateway")]);
    expect(bad.exitCode).toBe(1);
    expect(bad.output).toContain('gateway: pidMode is "host"');
    expect(bad.output).toContain('gateway: image is "docker.io/library/example"');
  });

  // Types that no plugin here knows included: a state is judged without any plugin.
  test("the engine finds in a state what the rules find, and no more", async () => {
    const resources = together(rules.flatMap((rule) => rule.examples.bad));
    const { exitCode, output } = await analyze(resources);
    expect(exitCode).toBe(1);
    expectAll(output, resources);
  });

  test("all good examples pass", async () => {
    const good = mandatory.flatMap((rule) => rule.examples.good.filter(({ settings }) => settings === undefined));
    const { exitCode, output } = await analyze(together(good.filter(poolable)));
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test("the settings of the pack reach its rules", async () => {
    const privileged = container({ privileged: true }, "assistant");
    const waiver = {
      rule: "container.privileged",
      resource: urnOf(privileged),
      reason: "talks to a device that has no driver of its own",
      owner: "platform",
      expires: "2027-06-30",
    };
    const waived = await analyze([privileged], { "pack.settings": { waivers: [waiver] } });
    expect(waived.output).not.toContain("[mandatory]");
    expect(waived.exitCode).toBe(0);
    const agent = await analyze([privileged], { "pack.settings": { waivers: [waiver], agents: ["assistant"] } });
    expect(agent.output).toContain("assistant: privileged is true; expected false, or not set. Nothing waives it.");
    expect(agent.exitCode).toBe(1);
  });

  test("the level of a rule follows the configuration", async () => {
    const swapping = [container({ memorySwap: 512 })];
    expect((await analyze(swapping)).exitCode).toBe(1);
    const baseline = await analyze(swapping, configurations.baseline);
    expect(baseline.output).toContain("[advisory] [severity: medium]  container.limits");
    expect(baseline.exitCode).toBe(0);
  });
});
