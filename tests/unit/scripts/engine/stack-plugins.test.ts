import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { pluginVersions } from "#helpers/pulumi/versions.ts";
import { pluginsOfStack } from "#scripts/engine/stack-plugins.ts";
import type { EngineState } from "#scripts/engine/state.ts";

const nothing: EngineState = { exists: false, resources: [], pending: [] };
const namesFor = (stack: string, state = nothing) => pluginsOfStack(stack, state).map(({ name }) => name);

/** Packages of the resources in a reviewed graph. */
function packagesIn(stack: string): string[] {
  const golden = readFileSync(resolve(import.meta.dirname, `../../../golden/${stack}.json`), "utf8");
  const packages = Object.keys(JSON.parse(golden) as object).map((resource) => resource.split(":")[0] ?? "");
  return [...new Set(packages)].filter((name) => name in pluginVersions).sort();
}

describe("the plugins of a stack", () => {
  it.each(["office", "azure-web", "gpu"])("are those of the resources in the graph of %s", (stack) => {
    expect(packagesIn(stack)).not.toEqual([]);
    expect([...namesFor(stack)].sort()).toEqual(packagesIn(stack));
  });

  it("are all of them for a stack that is not the estate's", () => {
    expect(namesFor("another")).toEqual(Object.keys(pluginVersions));
  });

  it("have the versions that the state was written with beside those of today", () => {
    const provider = (version: string) => ({
      urn: `urn:pulumi:office::garrison::pulumi:providers:docker::old-${version}`,
      type: "pulumi:providers:docker",
      inputs: { version },
    });
    const state = { ...nothing, resources: [provider("5.1.0"), provider(pluginVersions.docker)] };
    const docker = pluginsOfStack("office", state).filter(({ name }) => name === "docker");
    expect(docker.map(({ version }) => version)).toEqual([pluginVersions.docker, "5.1.0"]);
  });
});
