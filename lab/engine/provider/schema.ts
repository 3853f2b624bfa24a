/** The published schema of a provider: what its resources accept, require, keep secret and replace on. */
import { readFileSync } from "node:fs";
import { isProperties, type Properties, type ValuePath } from "@garrison/helpers/pulumi/values.ts";

export interface PropertySchema {
  readonly type?: string;
  readonly $ref?: string;
  readonly oneOf?: readonly PropertySchema[];
  readonly items?: PropertySchema;
  readonly additionalProperties?: PropertySchema;
  readonly default?: unknown;
  readonly defaultInfo?: { readonly environment?: readonly string[] };
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
  readonly replaceOnChanges?: boolean;
}

export interface ResourceSchema {
  readonly inputs: Readonly<Record<string, PropertySchema>>;
  readonly requiredInputs: readonly string[];
  readonly outputs: Readonly<Record<string, PropertySchema>>;
  /** Properties that a state always has. */
  readonly required: readonly string[];
}

export interface TypeSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: unknown }[];
}

export interface ProviderSchema {
  readonly provider: string;
  readonly version: string;
  readonly providerInputs: Readonly<Record<string, PropertySchema>>;
  readonly resources: Readonly<Record<string, ResourceSchema>>;
  readonly types: Readonly<Record<string, TypeSchema>>;
}

interface SdkAdditions {
  readonly resources?: Record<string, Pick<ResourceSchema, "inputs">>;
  readonly types?: Record<string, Required<Pick<TypeSchema, "properties">>>;
}

const directory = new URL("../schemas/", import.meta.url);

/** Reads `schemas/<name>.json` and adds what the pinned npm package accepts beyond it (`<name>.sdk.json`). */
export function loadSchema(name: string): ProviderSchema {
  const schema = JSON.parse(readFileSync(new URL(`${name}.json`, directory), "utf8")) as ProviderSchema;
  return withAdditions(schema, readAdditions(name));
}

function readAdditions(name: string): SdkAdditions {
  try {
    return JSON.parse(readFileSync(new URL(`${name}.sdk.json`, directory), "utf8")) as SdkAdditions;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function withAdditions(schema: ProviderSchema, additions: SdkAdditions): ProviderSchema {
  const resources = { ...schema.resources };
  for (const [token, { inputs }] of Object.entries(additions.resources ?? {})) {
    const known = resources[token];
    if (known) resources[token] = { ...known, inputs: { ...known.inputs, ...inputs } };
  }
  const types = { ...schema.types };
  for (const [token, { properties }] of Object.entries(additions.types ?? {})) {
    const known = types[token];
    if (known) types[token] = { ...known, properties: { ...known.properties, ...properties } };
  }
  return { ...schema, resources, types };
}

/** The nested type that a property refers to, if it refers to one of this provider. */
export function referredType(schema: ProviderSchema, property: PropertySchema): TypeSchema | undefined {
  return property.$ref?.startsWith("#/types/") ? schema.types[property.$ref.slice("#/types/".length)] : undefined;
}

function replaces(property: PropertySchema): boolean {
  return property.willReplaceOnChanges === true || property.replaceOnChanges === true;
}

/** The schema one step below a property: a list's items, a map's values, or an object's member. */
function below(schema: ProviderSchema, property: PropertySchema, key: string | number): PropertySchema | undefined {
  if (typeof key === "number") return property.items;
  return referredType(schema, property)?.properties?.[key] ?? property.additionalProperties;
}

/**
 * Whether a change at this path forces a replacement.
 * @param value what appeared or disappeared there: its members can force a replacement too
 */
export function replacesOnChange(
  schema: ProviderSchema,
  resource: ResourceSchema,
  path: ValuePath,
  value: unknown,
): boolean {
  const [name, ...rest] = path;
  let property = typeof name === "string" ? resource.inputs[name] : undefined;
  for (const key of rest) {
    if (!property) return false;
    if (replaces(property)) return true;
    property = below(schema, property, key);
  }
  return property !== undefined && someMember(schema, property, value, replaces);
}

function someMember(
  schema: ProviderSchema,
  property: PropertySchema,
  value: unknown,
  matches: (property: PropertySchema) => boolean,
): boolean {
  if (matches(property)) return true;
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item])
    : isProperties(value)
      ? Object.entries(value)
      : [];
  return entries.some(([key, item]) => {
    const member = below(schema, property, key);
    return member !== undefined && someMember(schema, member, item, matches);
  });
}

/** The paths of all values that the schema calls secret, nested ones included. */
export function secretPaths(
  schema: ProviderSchema,
  properties: Readonly<Record<string, PropertySchema>>,
  values: Properties,
): ValuePath[] {
  const found: ValuePath[] = [];
  const visit = (property: PropertySchema | undefined, value: unknown, path: ValuePath): void => {
    if (!property || value === undefined) return;
    if (property.secret === true) found.push(path);
    if (Array.isArray(value)) {
      value.forEach((item: unknown, index) => {
        visit(property.items, item, [...path, index]);
      });
    } else if (isProperties(value)) {
      for (const [key, item] of Object.entries(value)) visit(below(schema, property, key), item, [...path, key]);
    }
  };
  for (const [name, value] of Object.entries(values)) visit(properties[name], value, [name]);
  return found;
}

/** Names of the properties that only the provider can tell: outputs, and inputs that it fills in itself. */
export function computedProperties(resource: ResourceSchema): string[] {
  return [...new Set([...Object.keys(resource.outputs), ...resource.required])];
}
