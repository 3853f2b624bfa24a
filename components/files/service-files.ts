import type { Allowance } from "../machine/machine-definition.ts";
import type { Flow } from "../network/flow.ts";
import type { PlannedNetwork } from "../network/plan-networks.ts";
import type { Settings } from "../settings/settings.ts";

/** What a service's files may depend on: the machine as it is planned. */
export interface FileContext {
  readonly settings: Settings;
  readonly networks: readonly PlannedNetwork[];
  readonly flows: readonly Flow[];
  readonly allowed: readonly Allowance[];
}

/**
 * Renders a service's files: text by absolute path in the container. A value that must stay secret is a reference, made
 * by `secret()`; it is filled in on the way to the host. Every directory of a path is covered by a read-only mount, so
 * it must hold nothing else that the image needs.
 */
export type FilesOf = (machine: FileContext) => Readonly<Record<string, string>>;

/**
 * What a running server is told: a text, with references for secrets, and the program in its container that reads it on
 * stdin. It is told once the container is healthy, and again when the text or a secret in it has changed or the container
 * is a new one; told twice it has to do the same.
 */
export interface Reconcile {
  /** `["psql", "--username", "postgres"]`. Everybody on the machine can read it, so it holds no secret. */
  readonly command: readonly string[];
  /** Text with references, as in a service's files. */
  readonly input: string;
}
