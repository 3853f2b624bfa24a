/** What changed between two bags of inputs, property by property. */
import { isDeepStrictEqual } from "node:util";
import { isAsset, isProperties, type Properties, type ValuePath } from "@garrison/helpers/pulumi/values.ts";

export interface Difference {
  readonly path: ValuePath;
  readonly kind: "add" | "delete" | "update";
  /** The values on both sides; undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Bookkeeping of the provider protocol, never a change of its own. */
const bookkeeping = new Set(["__defaults"]);

/**
 * Lists the differences, deepest path that tells them apart.
 * @param sets names of list properties whose order means nothing
 */
export function differences(before: Properties, after: Properties, sets: readonly string[] = []): Difference[] {
  const found: Difference[] = [];
  collect(inOrder(before, sets), inOrder(after, sets), [], found);
  return found;
}

function collect(before: unknown, after: unknown, path: ValuePath, found: Difference[]): void {
  if (isDeepStrictEqual(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      collect(before[index], after[index], [...path, index], found);
    }
  } else if (isProperties(before) && isProperties(after) && !isAsset(before) && !isAsset(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!bookkeeping.has(key)) collect(before[key], after[key], [...path, key], found);
    }
  } else {
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    found.push({ path, kind, before, after });
  }
}

function inOrder(value: Properties, sets: readonly string[]): Properties {
  const copy = { ...value };
  for (const name of sets) {
    const list = copy[name];
    if (Array.isArray(list)) copy[name] = list.toSorted(byText);
  }
  return copy;
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The engine's spelling of a path: `ports[0].external`, names with odd characters in brackets. */
export function pathText(path: ValuePath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}
