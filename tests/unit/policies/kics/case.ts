import type { ExampleResource } from "#policies/lib/rule.ts";

/** A fixture as resources. Only what a query looks at is kept; the rest of a Compose file has no equal. */
export interface Case {
  /** File name of the fixture, without its ending. */
  readonly fixture: string;
  readonly resources: readonly ExampleResource[];
  /** Where the outcome differs from that of KICS on purpose: why. */
  readonly deviation?: string;
}

export interface Cases {
  readonly query: string;
  readonly positive: readonly Case[];
  readonly negative: readonly Case[];
}

type Values = Readonly<Record<string, unknown>>;

/** A service of a Compose file. What it does not say is left out, so that the provider's defaults hold. */
export function service(name: string, properties: Values): ExampleResource {
  return { type: "docker:index/container:Container", name, properties: { name, ...properties } };
}

export function network(name: string, properties: Values = {}): ExampleResource {
  return { type: "docker:index/network:Network", name, properties: { name, ...properties } };
}

export function volume(name: string, properties: Values = {}): ExampleResource {
  return { type: "docker:index/volume:Volume", name, properties: { name, ...properties } };
}

/** A fixture of one service. */
export function one(fixture: string, properties: Values, deviation?: string): Case {
  return { fixture, resources: [service("app", properties)], ...(deviation !== undefined && { deviation }) };
}
