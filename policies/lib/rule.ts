import type { Resource, Stack } from "./resource.ts";
import type { Settings } from "./settings.ts";

/** One departure from a rule: what was found where, and what would have been right. */
export interface Finding {
  /** URN of the resource. Rules over a whole stack set it; otherwise it is the resource that was judged. */
  readonly urn?: string;
  /** Path of the property, for instance `mounts.0.source`. */
  readonly property: string;
  /** The value found, as a person should read it; never a secret. */
  readonly found: string;
  /** What the rule wants to see there. */
  readonly expected: string;
  /** Where this finding is graver than others of its rule: who may waive it. */
  readonly waivable?: Exclude<Waivable, "by-label">;
}

/** A resource of an example, as a program would declare it. */
export interface ExampleResource {
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Paths of the properties that the program marks as secret. */
  readonly secrets?: readonly string[];
  /** Name of the component in the same example that this resource belongs to. */
  readonly parent?: string;
}

/** A small program that passes or breaks a rule. Tests run every example; the reference page prints it. */
export interface Example {
  readonly title: string;
  readonly resources: readonly ExampleResource[];
  /** The pack's own settings, where the example needs some. */
  readonly settings?: Partial<Settings>;
}

/** What a rule may look at beside the resource. */
export interface Context {
  /** All rules of the pack. */
  readonly rules: readonly Rule[];
  /** The rule's own settings from the pack configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The settings of the whole pack. */
  readonly settings: Settings;
  /** Each rule's own settings, as far as the engine has brought them. */
  readonly configs?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/**
 * Who may waive a rule's findings:
 * - `by-label`: the label `garrison.waivers` on the resource, or an entry of `waivers` in the pack configuration
 * - `by-record`: the same, but the label only on a container of an estate, where `waiver.recorded` asks for its record
 * - `by-configuration`: such an entry; the label only once the pack configuration sets `waivableByLabel` for the rule
 * - `never`: nobody
 */
export type Waivable = "by-label" | "by-record" | "by-configuration" | "never";

/** A setting of a rule in the pack configuration. */
interface RuleSetting {
  readonly type: "boolean" | "string" | "integer";
  readonly description: string;
}

/** One rule of the pack: facts for people, checks for the engine, examples for both. */
export interface Rule {
  /** Stable: waivers and configurations name it. */
  readonly id: string;
  /** The rule as one sentence. */
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: "mandatory" | "advisory";
  /** Sections of published benchmarks, for instance `CIS Docker 1.6.0, 5.5`. */
  readonly references: readonly string[];
  /** One sentence: what goes wrong without the rule. */
  readonly why: string;
  /** One sentence: what to change. */
  readonly fix: string;
  readonly waivable: Waivable;
  /** Pulumi type tokens that `check` is called for; `*` is any. */
  readonly types: readonly string[];
  /** Further tokens that `checkStack` looks at. */
  readonly looksAt?: readonly string[];
  readonly settings?: Readonly<Record<string, RuleSetting>>;
  /** Judges the inputs of one resource. */
  readonly check?: (resource: Resource, context: Context) => readonly Finding[];
  /** Judges what only the whole stack shows. */
  readonly checkStack?: (stack: Stack, context: Context) => readonly Finding[];
  readonly examples: { readonly good: readonly Example[]; readonly bad: readonly Example[] };
}
