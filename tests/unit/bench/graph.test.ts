import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { graphOfPreview, graphOfState } from "#bench/graph.ts";

const prefix = "urn:pulumi:office::garrison::";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urns = {
  stack: `${prefix}pulumi:pulumi:Stack::garrison-office`,
  machine: `${prefix}garrison:stack:Machine::office`,
  provider: `${prefix}garrison:stack:Machine$pulumi:providers:docker::office-docker`,
  defaultProvider: `${prefix}pulumi:providers:command::default_1_2_1`,
  network: `${prefix}garrison:stack:Machine$docker:index/network:Network::office-guard`,
  container: `${prefix}garrison:stack:Machine$docker:index/container:Container::valkey`,
  command: `${prefix}garrison:stack:Machine$command:local:Command::office-pids`,
};
const stack = { urn: urns.stack, type: "pulumi:pulumi:Stack", custom: false, outputs: { estate: "probe" } };
const machine = {
  urn: urns.machine,
  type: "garrison:stack:Machine",
  custom: false,
  parent: urns.stack,
  outputs: { lab: true },
};
const provider = {
  urn: urns.provider,
  type: "pulumi:providers:docker",
  custom: true,
  parent: urns.machine,
  inputs: { __internal: {}, host: "unix:///d.sock", version: "5.2.0" },
};
const network = {
  urn: urns.network,
  type: "docker:index/network:Network",
  custom: true,
  parent: urns.machine,
  provider: `${urns.provider}::${unknown}`,
  inputs: { name: "probe-guard", __defaults: ["driver"] },
  retainOnDelete: true,
};
const container = {
  urn: urns.container,
  type: "docker:index/container:Container",
  custom: true,
  parent: urns.machine,
  provider: `${urns.provider}::${unknown}`,
  inputs: { name: "probe-valkey" },
  dependencies: [urns.network],
};
const command = {
  urn: urns.command,
  type: "command:local:Command",
  custom: true,
  parent: urns.machine,
  provider: `${urns.defaultProvider}::${unknown}`,
  inputs: { create: "true", triggers: unknown },
  propertyDependencies: { create: [], triggers: [urns.container] },
};
/** As a preview prints them: in the order in which they were done with. */
const resources = [command, container, network, provider, machine, stack];
const graph = graphOfPreview(JSON.stringify({ steps: resources.map((newState) => ({ op: "create", newState })) }));

describe("graphOfPreview", () => {
  it("puts every resource after its parent, its provider and what it depends on", () => {
    expect(graph.resources.map(({ name }) => name)).toEqual([
      "office",
      "office-docker",
      "office-guard",
      "valkey",
      "office-pids",
    ]);
  });

  it("leaves the stack to the engine and hands out its outputs", () => {
    expect(graph.stackOutputs).toEqual({ estate: "probe" });
    expect(graph.resources[0]).toMatchObject({ custom: false, outputs: { lab: true } });
    expect(graph.resources[0]).not.toHaveProperty("parent");
  });

  it("keeps inputs, without what the engine adds itself", () => {
    expect(graph.resources[1]).toMatchObject({ props: { host: "unix:///d.sock" }, version: "5.2.0" });
    expect(graph.resources[2]).toMatchObject({
      props: { name: "probe-guard" },
      provider: urns.provider,
      parent: urns.machine,
      retainOnDelete: true,
    });
    expect(graph.resources[2]?.props).not.toHaveProperty("__defaults");
  });

  it("takes a value that is not known yet from the resources it comes from", () => {
    expect(graph.resources[4]).toMatchObject({ unknown: { triggers: [urns.container] }, version: "1.2.1" });
    expect(graph.resources[4]?.props).toEqual({ create: "true" });
    expect(graph.resources[4]).not.toHaveProperty("provider");
  });
});

describe("graphOfState", () => {
  it("reads the resources of a state like those of a preview", () => {
    expect(graphOfState(resources)).toEqual(graph);
  });

  const key = "4dabf18193072939515e22adb298388d";
  const withSecret = (secret: object) => ({ ...container, inputs: { envs: ["A=1", { [key]: "1b47", ...secret }] } });

  it("keeps a secret as one", () => {
    const { resources } = graphOfState([withSecret({ plaintext: '"B=2"' })]);
    expect(resources[0]?.props).toEqual({ envs: ["A=1", { "garrison:secret": "B=2" }] });
  });

  it("refuses a state that was exported without its secrets", () => {
    expect(() => graphOfState([withSecret({ ciphertext: "x" })])).toThrow("plaintext");
  });
});

it.each(["declared", "empty"])("runs the floor %s as the estate's own program is run", (floor) => {
  const root = join(import.meta.dirname, "../../..");
  const read = (file: string) => parse(readFileSync(join(root, file), "utf8")) as { name: string; runtime: unknown };
  const own = read("Pulumi.yaml");
  expect(read(`bench/floor/${floor}/Pulumi.yaml`)).toMatchObject({ name: own.name, runtime: own.runtime });
});
