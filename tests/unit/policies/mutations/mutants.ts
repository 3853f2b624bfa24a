import { isDeepStrictEqual } from "node:util";

import type { ExampleResource } from "#policies/lib/rule.ts";
import type { Weakening } from "./weakenings.ts";

/** A graph that differs from the clean one in one property of one resource. */
export interface Mutant {
  readonly type: string;
  readonly name: string;
  readonly property: string;
  readonly value: unknown;
  /** Place of the changed resource in the graph. */
  readonly index: number;
  readonly graph: readonly ExampleResource[];
}

/** Every mutant of a graph. Values that are there already are no mutants. */
export function mutantsOf(graph: readonly ExampleResource[], weakenings: readonly Weakening[]): Mutant[] {
  return graph.flatMap((resource, index) =>
    weakenings
      .filter(({ type }) => type === resource.type)
      .flatMap(({ property, values }) => {
        const now = resource.properties[property];
        return values(now, resource)
          .filter((value) => !isDeepStrictEqual(value, now))
          .map((value) => ({
            type: resource.type,
            name: resource.name,
            property,
            value,
            index,
            graph: graph.with(index, changed(resource, property, value)),
          }));
      }),
  );
}

function changed(resource: ExampleResource, property: string, value: unknown): ExampleResource {
  const others = Object.entries(resource.properties).filter(([name]) => name !== property);
  return { ...resource, properties: Object.fromEntries(value === undefined ? others : [...others, [property, value]]) };
}
