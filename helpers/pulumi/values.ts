/**
 * Property values as the engine sends them: plain JSON with two kinds of marks.
 * A secret is an envelope around its value, an unknown is one fixed string.
 */
import structs from "google-protobuf/google/protobuf/struct_pb.js";

/** A bag of named property values. */
export type Properties = Record<string, unknown>;
/** Where a value sits inside a bag: property names and list indexes. */
export type ValuePath = readonly (string | number)[];

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Stands for a value that is not known before the deployment. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isProperties(value: unknown): value is Properties {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isSecret(value: unknown): value is { value: unknown } {
  return isProperties(value) && value[signatureKey] === secretSignature;
}

/** An asset or archive: an object that carries a signature but is no secret. It is a value of its own, not a bag. */
export function isAsset(value: unknown): boolean {
  return isProperties(value) && typeof value[signatureKey] === "string" && !isSecret(value);
}

export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isProperties(value)) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** Takes every secret out of its envelope and reports where the envelopes were. */
export function openSecrets(value: Properties): { plain: Properties; secrets: ValuePath[] } {
  const secrets: ValuePath[] = [];
  const open = (part: unknown, path: ValuePath): unknown => {
    if (Array.isArray(part)) return part.map((item: unknown, index) => open(item, [...path, index]));
    if (isSecret(part)) {
      secrets.push(path);
      return open(part.value, path);
    }
    if (!isProperties(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, open(item, [...path, key])]));
  };
  return { plain: open(value, []) as Properties, secrets };
}

/** The reverse of openSecrets, on a copy without undefined members: seals the values at the given paths that exist. */
export function sealSecrets(value: Properties, secrets: readonly ValuePath[]): Properties {
  const copy = withoutUndefined(value) as Properties;
  // Deepest first: a parent's envelope would hide the children's paths.
  for (const path of secrets.toSorted((a, b) => b.length - a.length)) sealAt(copy, path);
  return copy;
}

function sealAt(root: unknown, path: ValuePath): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let holder = root as Record<string | number, unknown> | null | undefined;
  for (const key of path.slice(0, -1)) {
    holder = holder?.[key] as typeof holder;
    if (typeof holder !== "object" || holder === null || isSecret(holder)) return;
  }
  if (typeof holder !== "object" || holder === null) return;
  const value = holder[last];
  if (value === undefined || isSecret(value)) return;
  holder[last] = { [signatureKey]: secretSignature, value };
}

/** A deep copy that protobuf accepts: it throws on undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutUndefined(item ?? null));
  if (!isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])),
  );
}

export function toStruct(value: Properties): structs.Struct {
  return structs.Struct.fromJavaScript(withoutUndefined(value) as Record<string, structs.JavaScriptValue>);
}

export function fromStruct(struct: structs.Struct | undefined): Properties {
  return struct ? struct.toJavaScript() : {};
}
