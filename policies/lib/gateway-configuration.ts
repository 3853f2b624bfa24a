import JSON5 from "json5";

import { posix } from "node:path";

import { graphOf } from "./graph.ts";
import type { Program } from "./programs.ts";

import { Properties, Unknowns } from "./properties.ts";
import type { Stack } from "./resource.ts";
import type { Finding } from "./rule.ts";

/** The configuration of a gateway, as it is declared or as the container gets it. */
interface Configuration {
  readonly gateway: Program;
  /** The whole of it; its paths start with the place where it was found. */
  readonly properties: Properties;
}

interface Place {
  readonly gateway: Program;
  readonly urn: string;
  /** What holds it, and under which name. */
  readonly holder: Properties;
  readonly name: string;
}

const known = new WeakMap<Stack, readonly (Configuration | Finding)[]>();

/** The configurations of all gateways of a stack that are known and readable. */
export function configurationsOf(stack: Stack): readonly Configuration[] {
  return readAll(stack).filter((one): one is Configuration => "properties" in one);
}

/** The configurations that cannot be read, as findings. */
export function configurationFlaws(stack: Stack): readonly Finding[] {
  return readAll(stack).filter((one): one is Finding => "found" in one);
}

function readAll(stack: Stack): readonly (Configuration | Finding)[] {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const all = graphOf(stack).withRole("gateway").flatMap(placesOf).flatMap(read);
  known.set(stack, all);
  return all;
}

/** Declared by a component, or uploaded into the container under the name that OpenClaw looks for. */
function placesOf(gateway: Program): Place[] {
  const { resource, declared } = gateway;
  const uploads = resource.properties
    .objects("uploads")
    .filter((upload) => posix.basename(upload.text("file") ?? "") === "openclaw.json");
  return [
    ...declared.map(({ component, properties }) => ({
      gateway,
      urn: component.urn,
      holder: properties,
      name: "configuration",
    })),
    ...uploads.map((upload) => ({ gateway, urn: resource.urn, holder: upload, name: "content" })),
  ];
}

function read({ gateway, urn, holder, name }: Place): (Configuration | Finding)[] {
  const given = holder.get(name);
  if (given === undefined) return [];
  try {
    const value: unknown = typeof given === "string" ? JSON5.parse(given) : given;
    // What is unknown inside reads as absent; then nothing is concluded from the whole of it.
    if (holder.isUnknown(name) || holdsUnknown(value)) return [];
    return [{ gateway, properties: new Properties(value, new Unknowns(), "configuration") }];
  } catch {
    const found = "a text that is not JSON5";
    return [{ urn, property: holder.path(name), found, expected: "the gateway's configuration" }];
  }
}

function holdsUnknown(value: unknown): boolean {
  const unknowns = new Unknowns();
  const visit = (inside: Properties, names: readonly string[]): void => {
    for (const name of names) {
      const own = inside.get(name);
      if (unknowns.any) return;
      if (typeof own === "object" && own !== null) visit(inside.object(name), Object.keys(own));
    }
  };
  if (typeof value === "object" && value !== null) visit(new Properties(value, unknowns), Object.keys(value));
  return unknowns.any;
}
