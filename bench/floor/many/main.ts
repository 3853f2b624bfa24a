import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { manyResources } from "#bench/policies-graph.ts";

// As many containers as GARRISON_BENCH_CONTAINERS says, on a host that a preview does not connect to.

class Component extends pulumi.ComponentResource {
  constructor(type: string, name: string, outputs: object) {
    super(type, name);
    this.registerOutputs({ ...outputs });
  }
}

export default function declareMany(): void {
  const provider = new docker.Provider("docker", { host: "ssh://nobody@192.0.2.1" });
  const components = new Map<string, Component>();
  for (const { type, name, properties, parent = "" } of manyResources(Number(process.env.GARRISON_BENCH_CONTAINERS))) {
    const component = components.get(parent);
    if (type === "docker:index/container:Container") {
      new docker.Container(name, properties as docker.ContainerArgs, {
        provider,
        ...(component && { parent: component }),
      });
    } else if (type === "docker:index/network:Network") {
      new docker.Network(name, properties, { provider });
    } else {
      components.set(name, new Component(type, name, properties));
    }
  }
}
