import { externalSecrets } from "./external-secrets.ts";
import type { ExternalSecret } from "./external-secrets.ts";

/** How a value comes about. All but `external` are minted by the deployment and kept, encrypted, in its state. */
export type SecretSource =
  | { readonly type: "password"; readonly length: number }
  | { readonly type: "bytes"; readonly length: number }
  | { readonly type: "external"; readonly setting: string };

/** A secret of a machine, declared once. */
export interface SecretSpec {
  /** Unique on its machine, lower case with dashes. */
  readonly name: string;
  /** What it opens. */
  readonly why: string;
  readonly source: SecretSource;
}

/** Letters and digits: needs quoting in no format. @param length in characters */
export function password(name: string, why: string, length = 40): SecretSpec {
  return { name, why, source: { type: "password", length } };
}

/** Random bytes, written in hexadecimal. @param length in bytes */
export function bytes(name: string, why: string, length = 32): SecretSpec {
  return { name, why, source: { type: "bytes", length } };
}

/** A secret that somebody else issues; it is a setting of its own, set with `pulumi config set --secret`. */
export function external(name: ExternalSecret): SecretSpec {
  return { name, why: externalSecrets[name].why, source: { type: "external", setting: settingOf(name) } };
}

/** `anthropic-api-key` is the setting `garrison:anthropicApiKey`. */
export function settingOf(name: ExternalSecret): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
