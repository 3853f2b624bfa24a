import { isUnknownValue } from "./sdk.ts";

/** Collects the properties that the rules asked for and that preview cannot know yet. */
export class Unknowns {
  readonly #paths = new Set<string>();

  add(path: string): void {
    this.#paths.add(path);
  }

  get paths(): string[] {
    return [...this.#paths];
  }

  get any(): boolean {
    return this.#paths.size > 0;
  }

  /** Whether the value at the path, something inside it, or something around it is unknown. */
  touches(path: string): boolean {
    if (!this.any) return false;
    return this.paths.some((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
  }
}

/**
 * Reads loosely typed resource properties. A value of another type than asked for reads as absent, and so does an
 * unknown one, which is remembered: rules need neither casts nor error handling.
 */
export class Properties {
  readonly #value: unknown;
  readonly #path: string;
  readonly #unknowns: Unknowns;
  readonly #paths: ReadonlyMap<string, string> | undefined;
  readonly #written: unknown;

  /**
   * @param paths where properties that were translated come from, by their name here
   * @param written what the program wrote, where it was translated
   */
  constructor(
    value: unknown,
    unknowns: Unknowns,
    path = "",
    paths?: ReadonlyMap<string, string>,
    written: unknown = value,
  ) {
    this.#value = value;
    this.#unknowns = unknowns;
    this.#path = path;
    this.#paths = paths;
    this.#written = written;
  }

  /** Full path of a property below this one. */
  path(name: string | number): string {
    const translated = this.#paths?.get(String(name));
    if (translated !== undefined) return translated;
    return this.#path === "" ? String(name) : `${this.#path}.${String(name)}`;
  }

  /** The raw value; undefined when absent, null or unknown. */
  get(name: string | number): unknown {
    const holder = this.#value;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
    const value = (holder as Record<string | number, unknown>)[name];
    if (!isUnknownValue(value)) return value ?? undefined;
    this.#unknowns.add(this.path(name));
    return undefined;
  }

  /** A string; numbers and booleans count, because configuration languages write both ways. */
  text(name: string | number): string | undefined {
    const value = this.get(name);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined || text.trim() === "") return undefined;
    const value = Number(text);
    return Number.isNaN(value) ? undefined : value;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase() ?? "";
    return /^(?:true|t|1)$/.test(text) ? true : /^(?:false|f|0)$/.test(text) ? false : undefined;
  }

  /** The object at a name; reads as empty when there is none. */
  object(name: string | number): Properties {
    return new Properties(this.get(name), this.#unknowns, this.path(name), below(this.#paths, name));
  }

  /** The elements of a list of objects. */
  objects(name: string): Properties[] {
    const list = this.get(name);
    if (!Array.isArray(list)) return [];
    const inside = this.object(name);
    return list.map((_, index) => inside.object(index));
  }

  /** The known strings of a list, each with its path. */
  texts(name: string): { path: string; value: string }[] {
    const list = this.get(name);
    if (!Array.isArray(list)) return [];
    const inside = this.object(name);
    return Array.from({ length: list.length }, (_, index) => ({
      path: inside.path(index),
      value: inside.text(index),
    })).filter((entry): entry is { path: string; value: string } => entry.value !== undefined);
  }

  /** The names in a map. */
  names(): string[] {
    return typeof this.#value === "object" && this.#value !== null && !Array.isArray(this.#value)
      ? Object.keys(this.#value)
      : [];
  }

  /** The known string values of a map. */
  entries(): { name: string; path: string; value: string }[] {
    if (typeof this.#value !== "object" || this.#value === null) return [];
    return Object.keys(this.#value)
      .map((name) => ({ name, path: this.path(name), value: this.text(name) }))
      .filter((entry): entry is { name: string; path: string; value: string } => entry.value !== undefined);
  }

  /**
   * Every known string in this object, however deep, each with its path and the nearest name. Unknown values are passed
   * over without a word: what only the update brings about does not stand in the program.
   *
   * @param name of this object, for the strings of a list
   */
  everyText(name = ""): NamedText[] {
    const found: NamedText[] = [];
    collectTexts(this.#written, this.#path, name, 0, found);
    return found;
  }

  /** This object and every object inside it, however deep. Nothing is asked for, so nothing unknown is remembered. */
  *everyObject(depth = 0): Generator<Properties> {
    const holder = this.#value;
    if (typeof holder !== "object" || holder === null || depth > DEEPEST || isUnknownValue(holder)) return;
    if (!Array.isArray(holder)) yield this;
    for (const [name, inner] of Object.entries(holder as Record<string, unknown>)) {
      if (typeof inner !== "object" || inner === null || isUnknownValue(inner)) continue;
      yield* this.object(name).everyObject(depth + 1);
    }
  }

  /** Whether preview cannot know the value at this name or a part of it. Call it after reading. */
  isUnknown(name: string): boolean {
    this.get(name);
    return this.#unknowns.touches(this.path(name));
  }
}

function below(paths: ReadonlyMap<string, string> | undefined, name: string | number) {
  if (paths === undefined) return undefined;
  const prefix = `${String(name)}.`;
  const inside = [...paths].filter(([path]) => path.startsWith(prefix));
  return new Map(inside.map(([path, translated]) => [path.slice(prefix.length), translated] as const));
}

/**
 * A string somewhere in a resource. The name is that of the property, of the list that the string is in, or, in an entry
 * of name and value, what the entry says.
 */
export interface NamedText {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

const DEEPEST = 16;
const MOST_TEXTS = 20_000;

function collectTexts(value: unknown, path: string, name: string, depth: number, found: NamedText[]): void {
  if (found.length >= MOST_TEXTS) return;
  if (typeof value === "string") {
    if (!isUnknownValue(value)) found.push({ path, name, value });
    return;
  }
  if (typeof value !== "object" || value === null || depth > DEEPEST) return;
  const inList = Array.isArray(value);
  const pair = inList ? undefined : pairIn(value as Record<string, unknown>, name);
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== "string" && (typeof inner !== "object" || inner === null)) continue;
    const innerName = inList ? name : key === pair?.value ? pair.name : key;
    collectTexts(inner, path === "" ? key : `${path}.${key}`, innerName, depth + 1, found);
  }
}

const ranked = (names: string): ReadonlyMap<string, number> =>
  new Map(names.split(" ").map((name, index) => [name, index]));

/** Keys of an entry that name it, and keys of what it holds, in small letters; the first that is there counts. */
const NAMING = ranked("name label key keyname variable variablename envname header field option");
const HOLDING = ranked("value text val content stringvalue plaintext defaultvalue");
const OUTSIDE = ranked("value defaultvalue");
const MOST_BESIDE = 4;

/**
 * In an entry such as `{ name, value }`, the name that the text at the other key goes by. One such as `{ type, value }` has
 * its name outside, as the parameters of a template have.
 */
function pairIn(entry: Record<string, unknown>, outer: string): { name: string; value: string } | undefined {
  const keys = Object.keys(entry);
  if (keys.length > 100) return undefined;
  const named = firstOf(entry, keys, NAMING);
  const value = firstOf(entry, keys, named === undefined ? OUTSIDE : HOLDING);
  if (value === undefined) return undefined;
  if (named !== undefined) return { name: String(entry[named]), value };
  return keys.length > MOST_BESIDE ? undefined : { name: outer, value };
}

function firstOf(entry: object, keys: readonly string[], ranks: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const rank = key.length > 12 ? undefined : ranks.get(key.toLowerCase());
    if (rank === undefined || rank >= least || typeof (entry as Record<string, unknown>)[key] !== "string") continue;
    best = key;
    least = rank;
  }
  return best;
}

/** How a value reads in a message. */
export function show(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
