/** Checks inputs against the published schema, and fills in its defaults. */
import { isAsset, isProperties, isUnknown, type Properties, type ValuePath } from "@garrison/helpers/pulumi/values.ts";
import { pathText } from "./diff.ts";
import { referredType, type PropertySchema, type ProviderSchema, type ResourceSchema } from "./schema.ts";

export interface CheckFailure {
  /** The property in question, `ports[0].external`; empty for the resource as a whole. */
  readonly property: string;
  readonly reason: string;
}

/** Reasons why a property is not implemented, by path without list indexes: `mounts.volumeOptions.subpath`. */
export type Unsupported = Readonly<Record<string, string>>;

interface Rules {
  readonly schema: ProviderSchema;
  /** What the messages call the thing that is checked: `docker.Container`. */
  readonly label: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
  readonly unsupported?: Unsupported;
}

/** Every failure at once: unknown, missing, wrongly typed and unimplemented properties. */
export function checkProperties(rules: Rules, values: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  checkMembers(rules, rules.properties, rules.required, values, [], failures);
  return failures;
}

function checkMembers(
  rules: Rules,
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[],
  values: Properties,
  path: ValuePath,
  failures: CheckFailure[],
): void {
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("__") || value === undefined || value === null) continue;
    const property = properties[name];
    if (property) checkValue(rules, property, value, [...path, name], failures);
    else failures.push(unknownProperty(rules, properties, [...path, name]));
  }
  for (const name of required) {
    if (values[name] !== undefined && values[name] !== null) continue;
    const at = pathText([...path, name]);
    failures.push({ property: at, reason: `${rules.label}.${at} is missing; it is required` });
  }
}

function unknownProperty(
  rules: Rules,
  properties: Readonly<Record<string, PropertySchema>>,
  path: ValuePath,
): CheckFailure {
  const at = pathText(path);
  const known = Object.keys(properties).sort().join(", ");
  return { property: at, reason: `${rules.label} has no property ${at}; known are: ${known}` };
}

function checkValue(
  rules: Rules,
  property: PropertySchema,
  value: unknown,
  path: ValuePath,
  failures: CheckFailure[],
): void {
  const at = pathText(path);
  const refused = rules.unsupported?.[path.filter((key) => typeof key === "string").join(".")];
  if (refused !== undefined) {
    const reason = `${rules.label}.${at} is not implemented by the lab plugin: ${refused}`;
    failures.push({ property: at, reason });
    return;
  }
  if (isUnknown(value)) return;
  const expected = mismatch(rules.schema, property, value);
  if (expected !== undefined) {
    failures.push({ property: at, reason: `${rules.label}.${at} is ${describe(value)}; expected ${expected}` });
    return;
  }
  const type = referredType(rules.schema, property);
  if (type?.properties && isProperties(value)) {
    checkMembers(rules, type.properties, type.required ?? [], value, path, failures);
  } else if (Array.isArray(value) && property.items) {
    const items = property.items;
    value.forEach((item: unknown, index) => {
      checkValue(rules, items, item, [...path, index], failures);
    });
  } else if (isProperties(value) && property.additionalProperties) {
    for (const [key, item] of Object.entries(value)) {
      checkValue(rules, property.additionalProperties, item, [...path, key], failures);
    }
  }
}

/** What was expected, when the value is something else. */
function mismatch(schema: ProviderSchema, property: PropertySchema, value: unknown): string | undefined {
  if (property.oneOf) {
    const wanted = property.oneOf.map((option) => mismatch(schema, option, value));
    return wanted.includes(undefined) ? undefined : wanted.join(" or ");
  }
  if (property.$ref !== undefined) return mismatchedReference(schema, property, value);
  switch (property.type) {
    case "string":
      return typeof value === "string" ? undefined : "a text";
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "integer":
      return Number.isSafeInteger(value) ? undefined : "a whole number";
    case "number":
      return typeof value === "number" ? undefined : "a number";
    case "array":
      return Array.isArray(value) ? undefined : "a list";
    case "object":
      return isProperties(value) ? undefined : "a map";
    default:
      return undefined;
  }
}

function mismatchedReference(schema: ProviderSchema, property: PropertySchema, value: unknown): string | undefined {
  const builtin = property.$ref?.startsWith("pulumi.json#/") ? property.$ref.slice("pulumi.json#/".length) : undefined;
  if (builtin === "Asset" || builtin === "Archive") return isAsset(value) ? undefined : `an ${builtin.toLowerCase()}`;
  const type = referredType(schema, property);
  if (!type) return undefined;
  if (type.enum) {
    const allowed = type.enum.map((option) => option.value);
    return allowed.includes(value) ? undefined : `one of ${allowed.map((item) => JSON.stringify(item)).join(", ")}`;
  }
  return isProperties(value) ? undefined : "an object";
}

/** Names the kind of a value, never the value: it may be a secret. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : "a fraction";
  if (typeof value === "boolean") return "true or false";
  return "an object";
}

/** The schema's defaults for the properties that are not set; the environment's variable goes before the literal. */
export function schemaDefaults(resource: Pick<ResourceSchema, "inputs">, values: Properties): Properties {
  const defaults: Properties = {};
  for (const [name, property] of Object.entries(resource.inputs)) {
    if (values[name] !== undefined) continue;
    const fromEnvironment = property.defaultInfo?.environment
      ?.map((variable) => process.env[variable])
      .find((text) => text !== undefined && text !== "");
    const value = fromEnvironment ?? property.default;
    if (value !== undefined) defaults[name] = value;
  }
  return defaults;
}
