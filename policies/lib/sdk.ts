/** `@pulumi/policy/deserialize`, which turns messages into values; the SDK exports it without a type. */
export interface Deserialization {
  deserializeProperties?: (properties: object, proxySecrets: boolean) => object;
}

interface Struct {
  toJavaScript: () => object;
}

// The SDK's marks, from @pulumi/pulumi/runtime/rpc and @pulumi/policy/proxy.
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSETS: ReadonlySet<unknown> = new Set(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"]);
const TARGET = "__getSpecialProxyTarget";

// What the engine sends in the place of a boolean, number, string, list, asset, archive and object that it cannot know.
const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** What the message says of a resource's values beside the values. */
interface Marks {
  hasAsset: boolean;
  hasUnknown: boolean;
  readonly secrets: Set<string>;
}

const secretPaths = new WeakMap<object, ReadonlySet<string>>();
const unknownInside = new WeakMap<object, boolean>();

/**
 * Makes the SDK read the properties of a resource once for all rules, and keep which of them are secret. By itself it
 * reads them again for every policy, and forgets the marks that the engine sends (see docs/decisions/0016).
 * Call it before the pack is made.
 */
export function readPropertiesOnce(sdk: Deserialization): void {
  const read = sdk.deserializeProperties;
  if (read === undefined) throw new Error("this release of @pulumi/policy reads properties otherwise; use 1.21.0");
  const known = new WeakMap<object, object>();
  sdk.deserializeProperties = (properties, proxySecrets) => {
    // With proxies it is for remediations, which may change what they get.
    if (proxySecrets) return read(properties, proxySecrets);
    const before = known.get(properties);
    if (before !== undefined) return before;
    const raw = (properties as Struct).toJavaScript();
    const marks: Marks = { hasAsset: false, hasUnknown: false, secrets: new Set() };
    collectMarks(raw, [], marks);
    const plain = marks.hasAsset ? withoutAssets(raw) : raw;
    const values = read({ toJavaScript: () => plain }, proxySecrets);
    known.set(properties, values);
    secretPaths.set(values, marks.secrets);
    unknownInside.set(values, marks.hasUnknown);
    return values;
  };
}

/**
 * A message that the SDK reports as it stands: to one that is a string it adds the description of the policy in front. As
 * an object it is none of the SDK's types yet; a release that takes strings only would print the same text.
 */
export function onlyMessage(message: string, urn?: string): string {
  return { message, urn, toString: () => message } as unknown as string;
}

/** Whether a value is not known before the update. */
export function isUnknownValue(value: unknown): boolean {
  return typeof value === "string" && value.length === 36 && UNKNOWN_VALUES.has(value);
}

/** Whether a value, or anything in it, is not known before the update. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknownValue(value);
  return unknownInside.get(value) ?? Object.values(value).some(holdsUnknown);
}

/** Whether the values are those of a message that told all of them. */
export function areAllKnown(values: object): boolean {
  return unknownInside.get(values) === false;
}

/** Paths of the secret properties, from the values behind a resource's properties. */
export function secretsOf(properties: unknown): ReadonlySet<string> {
  return secretPaths.get(valuesBehind(properties)) ?? new Set();
}

/** Notes which properties of an object are secret. */
export function markSecrets(values: object, paths: readonly string[]): void {
  secretPaths.set(values, new Set(paths));
}

/** The object behind the SDK's proxy: the same for all rules that are handed the same resource. */
export function valuesBehind(properties: unknown): object {
  if (typeof properties !== "object" || properties === null) return {};
  const target = (properties as Record<string, unknown>)[TARGET];
  return typeof target === "object" && target !== null ? target : properties;
}

/** Assets and archives as plain objects: the SDK's own keep their text in a promise, which a rule cannot wait for. */
function withoutAssets<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutAssets) as T;
  const own = Object.entries(value).filter(([name, inner]) => name !== SIGNATURE || !ASSETS.has(inner));
  return Object.fromEntries(own.map(([name, inner]) => [name, withoutAssets<unknown>(inner)])) as T;
}

/** Looks at all of a resource in one walk; there are thousands of them. */
function collectMarks(value: object, path: string[], marks: Marks, isInSecret = false): void {
  const { [SIGNATURE]: signature } = value as Record<string, unknown>;
  const isSecret = signature === SECRET;
  if (isSecret && !isInSecret) marks.secrets.add(path.join("."));
  if (ASSETS.has(signature)) marks.hasAsset = true;
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === "object" && inner !== null) {
      path.push(name);
      collectMarks(inner, path, marks, isInSecret || isSecret);
      path.pop();
    } else if (isUnknownValue(inner)) marks.hasUnknown = true;
  }
}
