/** Reads values out of inputs whose shape the schema has checked, and of which some may not be known yet. */
import { isProperties, isUnknown, type Properties } from "@garrison/helpers/pulumi/values.ts";

/** The value at a path; undefined when it is not there or not known before the deployment. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  const found = path.reduce<unknown>((part, key) => {
    if (Array.isArray(part)) return part[Number(key)] as unknown;
    return isProperties(part) ? part[key] : undefined;
  }, value);
  return isUnknown(found) || found === null ? undefined : found;
}

export function text(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function number(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function texts(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return list(value, ...path).filter((item) => typeof item === "string" && !isUnknown(item)) as string[];
}

/** A copy without the values at dotted paths. */
export function without(value: Properties, paths: readonly string[]): Properties {
  const copy = structuredClone(value);
  for (const path of paths) {
    const keys = path.split(".");
    const holder = at(copy, ...keys.slice(0, -1));
    if (isProperties(holder)) Reflect.deleteProperty(holder, keys.at(-1) ?? "");
  }
  return copy;
}

/** Neither set, nor to be known later. */
export function isMissing(value: unknown, ...path: readonly string[]): boolean {
  let part: unknown = value;
  for (const key of path) {
    if (isUnknown(part)) return false;
    part = part !== null && typeof part === "object" ? (part as Properties)[key] : undefined;
  }
  return part === undefined || part === null;
}
