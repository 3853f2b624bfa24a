import type { z } from "zod";
import type { Problem } from "../lib/problems.ts";
import { configPath, inTurn, removeCommand, setCommand } from "../lib/config-command.ts";
import type { SettingPath, ValueType } from "../lib/config-command.ts";
import { nearName } from "../lib/near-name.ts";
import { isRequired, schemaAt, shapeOf, wordsOf } from "./words.ts";

/** Pulumi keeps `true`, `4096` and objects as text. */
export function parseValue(text: string): unknown {
  if (!/^(true|false|-?\d+(\.\d+)?|[[{].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What the schema found wrong, as problems in our words, each with what to type. */
export function explain(issue: z.core.$ZodIssue, given: unknown, schema: z.ZodType): Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownSetting([...path, key], schema));
  const value = valueAt(given, path);
  const at = schemaAt(schema, path);
  if (at === undefined) throw new Error(`${configPath(path)} is no setting`);
  const badName = issue.code === "invalid_key";
  const shape = badName ? shapeOf(schemaAt(schema, path.slice(0, -1)) ?? at) : undefined;
  if (shape?.kind === "names") {
    const [name, { expected }] = [path.at(-1), wordsOf(shape.key)];
    return [{ ...named(path), found: `the name ${shown(name)}`, expected, fix: removeCommand(path) }];
  }
  return [
    {
      ...named(path),
      found: value === undefined ? "nothing" : shown(value),
      expected: wordsOf(at).expected,
      fix: inTurn(mend(at, path, value, { given, schema })),
    },
  ];
}

function named(path: SettingPath): Pick<Problem, "property"> {
  return { property: `garrison:${path.join(".")}` };
}

function unknownSetting(path: SettingPath, schema: z.ZodType): Problem {
  const [name = "", ...more] = path;
  const nested = more.length === 0 ? String(name).split(".") : [];
  // As the reference page writes it, and not as the file does.
  const flat = nested.length > 1 && schemaAt(schema, nested) !== undefined;
  return {
    ...named(path),
    found: "an unknown setting",
    expected: flat
      ? `${nested.slice(1).join(".")} below garrison:${nested[0] ?? ""}, not a name with dots`
      : namesBeside(path, schema),
    fix: removeCommand(path),
  };
}

/** What may stand where something unknown does. */
function namesBeside(path: SettingPath, schema: z.ZodType): string {
  const parent = schemaAt(schema, path.slice(0, -1));
  const shape = parent && shapeOf(parent);
  if (shape?.kind !== "mapping") throw new Error(`${configPath(path)} lies in no mapping`);
  const known = Object.keys(shape.fields);
  const meant = nearName(String(path.at(-1)), known);
  return meant === undefined ? `one of ${known.join(", ")}` : `a setting; did you mean ${meant}?`;
}

interface Whole {
  readonly given: unknown;
  readonly schema: z.ZodType;
}

/** What to type so that a setting is of its schema. What stands there is taken out where Pulumi could not write over it. */
function mend(schema: z.core.$ZodType, path: SettingPath, value: unknown, whole: Whole): string[] {
  const shape = shapeOf(schema);
  if (shape.kind === "leaf") {
    if (shape.type === "string" || typeof value !== "string") return fill(schema, path);
    if (typeof path.at(-1) === "number") return writeListAnew(path.slice(0, -1), whole);
    return [removeCommand(path), ...fill(schema, path)];
  }
  if (value === undefined) return fill(schema, path);
  if (shape.kind !== "list") {
    const more = isRequired(schema) ? fill(schema, path) : [];
    return isMapping(value) ? more : [removeCommand(path), ...more];
  }
  if (Array.isArray(value)) return fill(shape.element, [...path, value.length]);
  const alone = (shape.element as z.ZodType).safeParse(value).success;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return [
    removeCommand(path),
    ...(alone ? [setCommand([...path, 0], text, typeOf(shape.element))] : fill(schema, path)),
  ];
}

/** What to type so that there is something, with everything below that has to stand there. */
export function fill(schema: z.core.$ZodType, path: SettingPath): string[] {
  const shape = shapeOf(schema);
  if (shape.kind === "leaf") return [setCommand(path, wordsOf(schema).example, shape.type)];
  if (shape.kind === "list") return fill(shape.element, [...path, 0]);
  if (shape.kind === "names") return fill(shape.value, [...path, wordsOf(shape.key).example]);
  return Object.entries(shape.fields)
    .filter(([, field]) => isRequired(field))
    .flatMap(([key, field]) => fill(field, [...path, key]));
}

function typeOf(schema: z.core.$ZodType): ValueType {
  const shape = shapeOf(schema);
  return shape.kind === "leaf" ? shape.type : "string";
}

/** Pulumi leaves the quotes around an entry that it writes over, which then stays text. */
function writeListAnew(path: SettingPath, { given, schema }: Whole): string[] {
  const list = schemaAt(schema, path);
  const shape = list === undefined ? undefined : shapeOf(list);
  const entries = valueAt(given, path);
  if (shape?.kind !== "list" || !Array.isArray(entries)) throw new Error(`${configPath(path)} is no list`);
  const { example } = wordsOf(shape.element);
  const { element } = shape;
  const texts = entries.map((entry: unknown) => {
    const number = typeof entry === "string" ? parseValue(entry.trim()) : entry;
    return (element as z.ZodType).safeParse(number).success ? String(number) : example;
  });
  return [removeCommand(path), ...texts.map((text, index) => setCommand([...path, index], text, "int"))];
}

const LONGEST = 100;

/** What was found, on one line; a key that should be nobody's to read is not repeated. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  if (text.includes("PRIVATE KEY")) return "a private key";
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${String(text.length)} characters)`;
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path, if anything. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
