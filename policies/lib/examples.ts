import type { Example, ExampleResource } from "./rule.ts";
import { type } from "./types.ts";

/** An image that exists only in examples. */
export const exampleImage = `docker.io/library/example@sha256:${"0123456789abcdef".repeat(4)}`;

/** A container that passes every rule: what the examples start from. */
export const cleanContainer: Readonly<Record<string, unknown>> = {
  name: "example",
  image: exampleImage,
  user: "20001:20001",
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
  memory: 128,
  memorySwap: 128,
  cpus: "0.5",
  networksAdvanced: [{ name: "example-net" }],
  healthcheck: { tests: ["CMD", "test", "-e", "/tmp/ready"] },
};

/** A clean container with some properties changed; an undefined one is left out. */
export function container(changes: Readonly<Record<string, unknown>>, name = "example"): ExampleResource {
  return { type: type.container, name, properties: withoutUndefined({ ...cleanContainer, name, ...changes }) };
}

/** The network of the clean container, without a way out. */
export const internalNetwork: ExampleResource = {
  type: type.network,
  name: "example-net",
  properties: { name: "example-net", internal: true },
};

/** An example of one container. */
export function withContainer(title: string, changes: Readonly<Record<string, unknown>>): Example {
  return { title, resources: [container(changes)] };
}

/** Labels as the Docker provider writes them. */
export function labels(values: Readonly<Record<string, string>>): { label: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ label: name, value }));
}

function withoutUndefined(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
