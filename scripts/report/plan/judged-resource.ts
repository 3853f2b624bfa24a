import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";

/** A resource as the policies are asked about it. */
export interface JudgedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs of a resource, outputs of a component. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Paths of what is marked as secret. */
  readonly secrets: readonly string[];
  /** URN. */
  readonly parent?: string | undefined;
}

/** The values without the SDK's marks, and the paths of what was marked as secret. */
export function withoutMarks(values: Readonly<Record<string, unknown>>): {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
} {
  const secrets: string[] = [];
  return { properties: plain(values, "", secrets) as Record<string, unknown>, secrets };
}

function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => plain(item, below(path, String(index)), secrets));
  if (typeof value !== "object" || value === null) return value;
  const marked = value as Record<string, unknown>;
  if (marked[specialSigKey] === specialSecretSig) {
    secrets.push(path);
    return plain(marked.value ?? "[secret]", path, []);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, plain(item, below(path, name), secrets)]),
  );
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
