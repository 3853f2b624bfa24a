import { z } from "zod";

/** What a setting is, in words of ours, and what to type for it. */
export interface Words {
  /** Ends `expected …`: "an IPv4 address such as 9.9.9.9". */
  readonly expected: string;
  /** A value that is right for everybody, or what only the operator knows: `<address>`, which is refused as it stands. */
  readonly example: string;
}

const registry = z.registry<Words>();

/**
 * Gives a setting its words. Those of the library name a format, and not what to write.
 *
 * @example
 * ```ts
 * const port = worded(z.int().min(1).max(65_535), "a port", "8080");
 * ```
 */
export function worded<T extends z.ZodType>(schema: T, expected: string, example: string): T {
  registry.add<z.ZodType>(schema, { expected, example });
  return schema;
}

/** A list of lists has an element, a mapping of names a key and a value; `optional` and `default` are only around it. */
type Shape =
  | { readonly kind: "leaf"; readonly type: "string" | "int" | "float" | "bool" }
  | { readonly kind: "list"; readonly element: z.core.$ZodType; readonly least: number }
  | { readonly kind: "names"; readonly key: z.core.$ZodType; readonly value: z.core.$ZodType }
  | { readonly kind: "mapping"; readonly fields: Readonly<Record<string, z.core.$ZodType>> };

export function shapeOf(schema: z.core.$ZodType): Shape {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return { kind: "mapping", fields: inner.shape };
  if (inner instanceof z.ZodRecord) return { kind: "names", key: inner.keyType, value: inner.valueType };
  if (inner instanceof z.ZodArray)
    return { kind: "list", element: inner.element, least: (inner._zod.bag.minimum as number | undefined) ?? 0 };
  if (inner instanceof z.ZodBoolean) return { kind: "leaf", type: "bool" };
  if (inner instanceof z.ZodNumber) return { kind: "leaf", type: inner.format === null ? "float" : "int" };
  return { kind: "leaf", type: "string" };
}

/** Whether something has to stand there. */
export function isRequired(schema: z.core.$ZodType): boolean {
  return !(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault);
}

/** The schema of what stands at a path; undefined where nothing can. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((at, key) => {
    if (at === undefined) return undefined;
    const shape = shapeOf(at);
    if (shape.kind === "mapping") return Object.hasOwn(shape.fields, key) ? shape.fields[String(key)] : undefined;
    if (shape.kind === "list") return shape.element;
    return shape.kind === "names" ? shape.value : undefined;
  }, schema);
}

/** @throws where a leaf has none: a test walks all of them */
export function wordsOf(schema: z.core.$ZodType): Words {
  const own = registry.get(schema as z.ZodType) ?? registry.get(unwrapped(schema) as z.ZodType);
  if (own !== undefined) return own;
  const shape = shapeOf(schema);
  if (shape.kind === "mapping")
    return { expected: `a mapping with ${Object.keys(shape.fields).join(", ")}`, example: "" };
  if (shape.kind === "names") return { expected: `a mapping; each name ${wordsOf(shape.key).expected}`, example: "" };
  if (shape.kind === "list") {
    const { expected, example } = wordsOf(shape.element);
    return { expected: `a list${shape.least > 0 ? " of at least one" : ""}; each entry ${expected}`, example };
  }
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodEnum) {
    const names = inner.options.map(String);
    return { expected: `one of ${names.join(", ")}`, example: names[0] ?? "" };
  }
  if (inner instanceof z.ZodBoolean) return { expected: "true or false", example: "false" };
  if (inner instanceof z.ZodNumber) return numberWords(inner);
  throw new Error(`a setting of type ${inner._zod.def.type} has no words`);
}

function numberWords(schema: z.ZodNumber): Words {
  const whole = schema.format === null ? "a number" : "a whole number";
  const { minValue: least, maxValue: most } = schema;
  if (least === null || most === null) throw new Error("a number without limits has no words");
  return { expected: `${whole} from ${String(least)} to ${String(most)}`, example: String(least) };
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrapped(schema._zod.def.innerType);
  return schema;
}
