import type { PolicyConfigSchema } from "@pulumi/policy";

/** A departure that the pack configuration records, for resources that have no labels. */
export interface ConfiguredWaiver {
  /** Id of the rule. */
  readonly rule: string;
  /** URN of the resource. */
  readonly resource: string;
  /** Why it cannot be otherwise, in a sentence. */
  readonly reason: string;
  readonly owner: string;
  /** ISO date (YYYY-MM-DD). */
  readonly expires: string;
}

/** What the pack configuration says to all rules, under `pack.settings`. */
export interface Settings {
  readonly agents: readonly string[];
  readonly requireDeclaration: boolean;
  readonly requireBackups: boolean;
  readonly registries: readonly string[];
  readonly memoryCeiling: number | undefined;
  readonly adminAddresses: readonly string[];
  readonly resolvers: readonly string[];
  readonly notSecret: readonly string[];
  readonly waivers: readonly ConfiguredWaiver[];
  readonly asOf: string;
  readonly messages: "line" | "json";
}

/** The name under which the pack configuration holds the settings of all rules. */
export const SETTINGS_ID = "pack.settings";

const texts = (description: string) => ({ type: "array" as const, items: { type: "string" as const }, description });

/** The shape of the settings; the engine refuses a configuration that does not fit. */
export const settingsSchema = {
  properties: {
    agents: texts(
      "Names of the containers that run code a model chose, as resource or as container. Default: by label.",
    ),
    requireDeclaration: {
      type: "boolean",
      description: "Whether a program with containers must declare which of them are agents. Default: false.",
    },
    requireBackups: {
      type: "boolean",
      description: "Whether every volume must be in a declared backup set. Default: only once a program declares one.",
    },
    registries: texts(
      "Registries or repositories that images may come from, for instance `ghcr.io/example`; `local` for images that a daemon built, by their id. Default: any.",
    ),
    memoryCeiling: {
      type: "integer",
      minimum: 1,
      description: "The most memory in MiB that one container may be given. Default: no ceiling.",
    },
    adminAddresses: texts(
      "Addresses or blocks (CIDR) from which administrators come; SSH may be open to them. Default: none.",
    ),
    resolvers: texts("Name servers of your own with a public address, which containers may ask. Default: none."),
    notSecret: texts(
      "Values, or properties written as `<resource name>:<path>`, that look like a secret and are none. Default: none.",
    ),
    waivers: {
      type: "array",
      description: "Recorded departures of resources that have no labels. Default: none.",
      items: {
        type: "object",
        properties: {
          rule: { type: "string" },
          resource: { type: "string" },
          reason: { type: "string" },
          owner: { type: "string" },
          expires: { type: "string" },
        },
        required: ["rule", "resource", "reason", "owner", "expires"],
        additionalProperties: false,
      },
    },
    asOf: {
      type: "string",
      pattern: "^(today|\\d{4}-\\d{2}-\\d{2})$",
      description: "The day that expiry dates are compared with, as YYYY-MM-DD or `today`. Default: today.",
    },
    messages: {
      type: "string",
      enum: ["line", "json"],
      description:
        "How a finding is told: `line` for people; `json` for programs, with `resource`, `property`, `found`, `expected` and `waiver` in full. Default: line.",
    },
  },
} satisfies PolicyConfigSchema;

/** The settings when the pack configuration says nothing. */
export const defaultSettings: Settings = {
  agents: [],
  requireDeclaration: false,
  requireBackups: false,
  registries: [],
  memoryCeiling: undefined,
  adminAddresses: [],
  resolvers: [],
  notSecret: [],
  waivers: [],
  asOf: "today",
  messages: "line",
};

/** Fills in what a configuration leaves out; its shape the engine has checked. */
export function settingsOf(config: Readonly<Record<string, unknown>>): Settings {
  const known = Object.keys(defaultSettings).filter((name) => config[name] !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(known.map((name) => [name, config[name]])) };
}

/** The day that dates are compared with, as YYYY-MM-DD. */
export function dayOf({ asOf }: Settings): string {
  return asOf === "today" ? new Date().toISOString().slice(0, 10) : asOf;
}
