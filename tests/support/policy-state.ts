import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";

import type { ExampleResource } from "#policies/lib/rule.ts";

/** A state file that holds these resources, as `pulumi stack export` writes it. Nothing has to be deployed for it. */
export function stateOf(resources: readonly ExampleResource[]): string {
  const time = "2026-01-01T00:00:00Z";
  const stackType = "pulumi:pulumi:Stack";
  const stack = { urn: `urn:pulumi:test::test::${stackType}::test-test`, type: stackType, custom: false };
  const written = resources.map((resource) => {
    const { type, name, properties } = resource;
    const custom = !type.startsWith("garrison:");
    const parent = resources.find((other) => other.name === resource.parent);
    const values = withSecrets(properties, resource.secrets ?? []);
    return {
      urn: urnOf(type, name),
      type,
      custom,
      ...(custom && { id: `${name}-id` }),
      inputs: custom ? values : {},
      outputs: values,
      parent: parent === undefined ? stack.urn : urnOf(parent.type, parent.name),
    };
  });
  const parents = written.filter(({ custom }) => !custom);
  const children = written.filter(({ custom }) => custom);
  const manifest = { time, magic: "", version: "" };
  return JSON.stringify({ version: 3, deployment: { manifest, resources: [stack, ...parents, ...children] } });
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::test::${type}::${name}`;
}

function withSecrets(properties: object, paths: readonly string[]): object {
  const copy = structuredClone(properties) as Record<string, unknown>;
  for (const path of paths) mark(copy, path.split("."));
  return copy;
}

function mark(holder: Record<string, unknown>, [first = "", ...rest]: readonly string[]): void {
  const value = holder[first];
  if (rest.length === 0) holder[first] = { [specialSigKey]: specialSecretSig, plaintext: JSON.stringify(value) };
  else if (typeof value === "object" && value !== null) mark(value as Record<string, unknown>, rest);
}
