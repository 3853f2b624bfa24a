import type { SecretField } from "./secret.ts";

/** Which value of a secret a file wants, and how it has to be written there. */
export interface SecretUse {
  /** `previous` is the one before the last rotation, and the current one until there was a rotation. @default "current" */
  readonly slot?: "current" | "previous";
  /** Which part of a certificate or authority. @default "value" */
  readonly field?: SecretField;
  /** `json`: as a JSON or YAML string, with its quotes. `sha256`: only the hash, in hexadecimal. @default "raw" */
  readonly as?: "raw" | "json" | "sha256";
}

/** A reference in a file's text. */
export interface SecretReference extends Required<SecretUse> {
  readonly name: string;
}

const PATTERN =
  /@\{secret:([a-z][a-z0-9-]*):(current|previous):(value|private|public|certificate):(raw|json|sha256)\}/g;

/** Stands for a secret in a file's text, and is replaced on the way to the host. */
export function secret(name: string, { slot = "current", field = "value", as = "raw" }: SecretUse = {}): string {
  return `@{secret:${name}:${slot}:${field}:${as}}`;
}

/** Every reference in a text, in order. */
export function referencesIn(text: string): SecretReference[] {
  return [...text.matchAll(PATTERN)].map(
    ([, name = "", slot, field, as]) => ({ name, slot, field, as }) as SecretReference,
  );
}

/** The text with every reference replaced. */
export function fillIn(text: string, valueOf: (reference: SecretReference) => string): string {
  return text.replaceAll(PATTERN, (_, name: string, slot: string, field: string, as: string) =>
    valueOf({ name, slot, field, as } as SecretReference),
  );
}
