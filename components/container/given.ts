import * as pulumi from "@pulumi/pulumi";

/** Deeper than any option goes: what is below is refused for its place. */
const DEEPEST = 8;

/**
 * Options as they are at this moment, read once: what is judged is what is declared. A getter, a proxy or a list with
 * methods of its own could say something else the next time.
 */
export function readOnce<T>(given: T): T {
  return copy(given, 0) as T;
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => copy(value[index], depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one, depth + 1)]));
}
