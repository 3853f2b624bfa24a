import { isUnknownValue } from "./sdk.ts";

/** A property under another name. A star in both stands for each element of a list. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** What the other provider makes of the value; undefined where it is none to move. */
  readonly change?: ((value: unknown) => unknown) | undefined;
  /** What the provider takes where the program says nothing. */
  readonly otherwise?: unknown;
}

/** A resource in the words that the rules know, and where each translated property stands in the program. */
interface Translated {
  readonly values: object;
  readonly paths: ReadonlyMap<string, string>;
}

/** Moves that change nothing but the name, as `from > to`. */
export function moves(...lines: readonly string[]): Move[] {
  return lines.map((line) => {
    const [from = "", to = ""] = line.split(" > ");
    return { from, to };
  });
}

/** Names of properties that have the same values one level further in. */
export function into(place: string, ...names: readonly string[]): Move[] {
  return names.map((name) => ({ from: name, to: `${place}.${name}` }));
}

/**
 * Adds what the rules look for to what the program wrote. What has its name already stays: one provider has had both
 * names in turn.
 */
export function translate(values: object, all: readonly Move[]): Translated {
  const paths = new Map<string, string>();
  let result: unknown = values;
  for (const { from, to, change, otherwise } of all) {
    const found = [...placesOf(values, from.split("."), [])];
    for (const { path, stars, value } of found) {
      const target = filledIn(to, stars);
      // A list that is not known yet stays one where it is.
      if (isUnknownValue(value) && `${target}.`.startsWith(`${path}.`)) continue;
      if (read(values, target) !== undefined && target !== path) continue;
      const changed = change === undefined ? value : change(value);
      if (changed === undefined) continue;
      result = put(result, target.split("."), changed);
      if (target !== path) paths.set(target, path);
    }
    if (found.length === 0 && otherwise !== undefined && read(result, to) === undefined) {
      result = put(result, to.split("."), otherwise);
      paths.set(to, from);
    }
  }
  return { values: result as object, paths };
}

interface Place {
  readonly path: string;
  readonly stars: readonly string[];
  readonly value: unknown;
}

function* placesOf(value: unknown, left: readonly string[], stars: readonly string[], path = ""): Generator<Place> {
  const [first, ...rest] = left;
  if (first === undefined || isUnknownValue(value)) {
    if (value !== undefined && value !== null) yield { path, stars, value };
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const names = first === "*" ? (Array.isArray(value) ? value.map((_, index) => String(index)) : []) : [first];
  for (const name of names) {
    if (!Object.hasOwn(value, name)) continue;
    const inside = (value as Record<string, unknown>)[name];
    const deeper = first === "*" ? [...stars, name] : stars;
    yield* placesOf(inside, rest, deeper, path === "" ? name : `${path}.${name}`);
  }
}

function filledIn(path: string, stars: readonly string[]): string {
  const left = [...stars];
  return path.replaceAll("*", () => left.shift() ?? "0");
}

function read(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (holder, name) =>
        typeof holder === "object" && holder !== null && Object.hasOwn(holder, name)
          ? ((holder as Record<string, unknown>)[name] ?? undefined)
          : undefined,
      value,
    );
}

/** A copy with one value more; what is not on the way to it is shared. */
function put(holder: unknown, [first = "", ...rest]: readonly string[], value: unknown): unknown {
  const isHolder = typeof holder === "object" && holder !== null;
  const before = isHolder && Object.hasOwn(holder, first) ? (holder as Record<string, unknown>)[first] : undefined;
  const inner = rest.length === 0 ? value : put(before, rest, value);
  if (!/^\d+$/.test(first)) return { ...(isHolder && !Array.isArray(holder) ? holder : {}), [first]: inner };
  const list: unknown[] = Array.isArray(holder) ? [...(holder as unknown[])] : [];
  list[Number(first)] = inner;
  return list;
}
