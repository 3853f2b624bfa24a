import { readFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { SECRET } from "#bench/graph.ts";
import type { DeclaredGraph, DeclaredResource } from "#bench/graph.ts";

// The program's floor: the resources of the real program, from a list. It reads no settings, plans nothing and knows
// no component; what is left is what any program on this SDK and engine pays for the same graph.

type ResourceClass = new (name: string, props: never, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

const classes: Readonly<Record<string, ResourceClass>> = {
  "command:local:Command": command.local.Command,
  "docker:index/container:Container": docker.Container,
  "docker:index/network:Network": docker.Network,
  "docker:index/volume:Volume": docker.Volume,
  "pulumi:providers:docker": docker.Provider,
  "random:index/randomBytes:RandomBytes": random.RandomBytes,
  "random:index/randomPassword:RandomPassword": random.RandomPassword,
};

export default function declareAll(): Readonly<Record<string, unknown>> {
  const graph = JSON.parse(readFileSync(process.env.GARRISON_BENCH_GRAPH ?? "", "utf8")) as DeclaredGraph;
  const made = new Map<string, pulumi.Resource>();
  for (const resource of graph.resources) made.set(resource.urn, declare(resource, made));
  return graph.stackOutputs;
}

function declare(resource: DeclaredResource, made: ReadonlyMap<string, pulumi.Resource>): pulumi.Resource {
  const { type, name, custom } = resource;
  const props = revived(resource.props) as object;
  const opts = options(resource, made);
  if (!custom) {
    const component = new Component(type, name, opts);
    component.declareOutputs(revived(resource.outputs) as pulumi.Inputs);
    return component;
  }
  const Known = classes[type];
  if (Known === undefined) throw new Error(`the benchmark's floor has no class for ${type}: add it to this file`);
  const late = Object.entries(resource.unknown).map(([key, urns]) => {
    const ids = urns.map((urn) => idOf(made.get(urn)));
    // Triggers are a list; any other property that only comes with others is a text.
    return [key, key === "triggers" ? ids : pulumi.all(ids).apply((known) => known.join())];
  });
  return new Known(name, { ...props, ...Object.fromEntries(late) } as never, opts);
}

/** The value with its secrets as the SDK wants them. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET in value) return pulumi.secret(value[SECRET]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}

class Component extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions) {
    super(type, name, {}, opts);
  }

  declareOutputs(outputs: pulumi.Inputs): void {
    this.registerOutputs(outputs);
  }
}

function options(
  { parent, provider, dependsOn, version, retainOnDelete, secretOutputs }: DeclaredResource,
  made: ReadonlyMap<string, pulumi.Resource>,
): pulumi.CustomResourceOptions {
  const parentResource = parent === undefined ? undefined : made.get(parent);
  const providerResource = provider === undefined ? undefined : made.get(provider);
  return {
    dependsOn: dependsOn.flatMap((urn) => made.get(urn) ?? []),
    retainOnDelete,
    additionalSecretOutputs: [...secretOutputs],
    ...(parentResource !== undefined && { parent: parentResource }),
    ...(providerResource instanceof pulumi.ProviderResource && { provider: providerResource }),
    ...(version !== undefined && { version }),
  };
}

function idOf(resource: pulumi.Resource | undefined): pulumi.Output<string> | undefined {
  return resource instanceof pulumi.CustomResource ? resource.id : undefined;
}
