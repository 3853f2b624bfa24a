import type { Schema } from "./declarations-schema.ts";
import type { Properties } from "./properties.ts";
import { show } from "./properties.ts";

/** One value that is not what the schema wants. */
interface SchemaProblem {
  readonly property: string;
  readonly found: string;
  readonly expected: string;
}

/** More of them help nobody. */
const MOST = 20;

/** What is wrong with the value at a name; empty when it is absent, unknown or in order. */
export function schemaProblems(parent: Properties, name: string | number, schema: Schema): SchemaProblem[] {
  const value = parent.get(name);
  if (value === undefined) return [];
  const problem = (expected: string): SchemaProblem[] => [
    { property: parent.path(name), found: short(value), expected },
  ];
  if (!hasType(value, schema.type)) return problem([schema.type].flat().join(" or "));
  if (typeof value === "string") {
    if (schema.enum && !schema.enum.includes(value)) return problem(`one of ${schema.enum.join(", ")}`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
      return problem(`a text like ${schema.pattern}`);
    if (value.trim().length < (schema.minLength ?? 0)) return problem("a text that is not empty");
    return [];
  }
  if (typeof value === "number") return inRange(value, schema) ? [] : problem(rangeOf(schema));
  const inside = parent.object(name);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return Array.from(value.keys())
      .flatMap((index) => schemaProblems(inside, index, items))
      .slice(0, MOST);
  }
  if (typeof value === "object" && value !== null) return membersProblems(inside, Object.keys(value), schema);
  return [];
}

function membersProblems(inside: Properties, names: readonly string[], schema: Schema): SchemaProblem[] {
  if (schema.properties === undefined && schema.additionalProperties === undefined) return [];
  const known = new Map(Object.entries(schema.properties ?? {}));
  const missing = (schema.required ?? []).filter((name) => inside.get(name) === undefined);
  return [
    ...missing
      .filter((name) => !inside.isUnknown(name))
      .map((name) => ({ property: inside.path(name), found: "not set", expected: "a value" })),
    ...names.flatMap((name) => {
      const own = known.get(name) ?? schema.additionalProperties;
      if (typeof own === "object") return schemaProblems(inside, name, own);
      if (own !== false) return [];
      const expected = `one of ${[...known.keys()].join(", ")}`;
      return [{ property: inside.path(name), found: `a declaration of ${show(name)}`, expected }];
    }),
  ].slice(0, MOST);
}

function hasType(value: unknown, wanted: Schema["type"]): boolean {
  if (wanted === undefined) return true;
  return [wanted].flat().some((type) => {
    switch (type) {
      case "array":
        return Array.isArray(value);
      case "object":
        return typeof value === "object" && value !== null && !Array.isArray(value);
      case "integer":
        return Number.isInteger(value);
      case "number":
        return typeof value === "number" && Number.isFinite(value);
      default:
        return typeof value === type;
    }
  });
}

function inRange(value: number, { minimum, exclusiveMinimum, maximum }: Schema): boolean {
  return value >= (minimum ?? -Infinity) && value > (exclusiveMinimum ?? -Infinity) && value <= (maximum ?? Infinity);
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: Schema): string {
  return [
    minimum === undefined ? [] : [`at least ${String(minimum)}`],
    exclusiveMinimum === undefined ? [] : [`more than ${String(exclusiveMinimum)}`],
    maximum === undefined ? [] : [`at most ${String(maximum)}`],
  ]
    .flat()
    .join(" and ");
}

function short(value: unknown): string {
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  const text = show(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
