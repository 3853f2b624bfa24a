import type { AllowedHosts, Endpoint } from "#components/wiring/blueprint.ts";

/** A program of one's own: it listens on 8080, answers `/healthz`, and brings Node for the check. */
export interface SkillProgram {
  /** Key in the image lock. */
  readonly image: string;
  /** Folder of the machine with what it knows, which it finds read-only at `/skills`. @default none */
  readonly folder?: string;
  /** Memory limit in MiB. @default 384 */
  readonly memory?: number;
}

export interface SkillOptions extends SkillProgram {
  /** What it can do, in a few words. */
  readonly purpose: string;
  /** The way out, and what it may ask. @default none */
  readonly out?: { readonly proxy: Endpoint<"forward-proxy">; readonly hosts: readonly AllowedHosts[] };
  /** @default it does not search */
  readonly search?: Endpoint<"searxng">;
  /** @default it has no vectors */
  readonly vectors?: Endpoint<"qdrant">;
}

export interface SkillGatewayOptions extends SkillProgram {
  /** By the name under which each is asked for. */
  readonly skills: Readonly<Record<string, Endpoint<"skill">>>;
}
