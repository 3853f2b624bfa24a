/** How a value comes about. All but `external` are minted by the deployment and kept, encrypted, in its state. */
export type SecretSource =
  | { readonly type: "password"; readonly length: number }
  | { readonly type: "bytes"; readonly length: number }
  | { readonly type: "authority" }
  | { readonly type: "certificate"; readonly authority: string; readonly names: readonly string[] }
  | { readonly type: "external"; readonly setting: string };

/** A part of a secret that a file can hold. Keys are PEM, PKCS#8. */
export type SecretField = "value" | "private" | "certificate";

/** What files may hold of each kind. An authority's key signs during a deployment and leaves the state for nobody. */
export const fieldsOf: Readonly<Record<SecretSource["type"], readonly SecretField[]>> = {
  password: ["value"],
  bytes: ["value"],
  external: ["value"],
  authority: ["certificate"],
  certificate: ["private", "certificate"],
};

/** A secret of a machine, declared once. */
export interface SecretSpec {
  /** Unique on its machine, lower case with dashes. */
  readonly name: string;
  /** What it opens. */
  readonly why: string;
  readonly source: SecretSource;
  /** The service that made it for itself. @default somebody else has it too */
  readonly of?: string;
  /** Kept for a service that the settings switch off, and in nobody's files. @default false */
  readonly parked?: true;
}

/** Letters and digits: needs quoting in no format. @param length in characters */
export function password(name: string, why: string, length = 40): SecretSpec {
  return { name, why, source: { type: "password", length } };
}

/** Random bytes, written in hexadecimal. @param length in bytes */
export function bytes(name: string, why: string, length = 32): SecretSpec {
  return { name, why, source: { type: "bytes", length } };
}

/** A certificate authority of the machine's own. Whoever trusts it trusts its `previous` certificate too. */
export function authority(name: string, why: string): SecretSpec {
  return { name, why, source: { type: "authority" } };
}

/** A certificate for these host names, as server and as client, signed by an {@link authority} of the same machine. */
export function certificate(
  name: string,
  why: string,
  issued: { readonly authority: string; readonly names: readonly string[] },
): SecretSpec {
  return { name, why, source: { type: "certificate", ...issued } };
}

/** A secret that somebody else issues; it is a setting of its own, set with `pulumi config set --secret`. */
export function external(name: string, why: string): SecretSpec {
  return { name, why, source: { type: "external", setting: settingOf(name) } };
}

/** `anthropic-api-key` is the setting `garrison:anthropicApiKey`. */
export function settingOf(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
