import type { Phrase } from "./phrase.ts";

export const SECTIONS = ["reach", "data", "secrets", "policy"] as const;
export type Section = (typeof SECTIONS)[number];

/** What a change is about, in the order in which it is told. */
export const KINDS = {
  "link-local": "reach",
  opening: "reach",
  path: "reach",
  name: "reach",
  credential: "reach",
  power: "reach",
  service: "reach",
  store: "data",
  mount: "data",
  outage: "data",
  setting: "data",
  command: "data",
  generation: "secrets",
  secret: "secrets",
  check: "secrets",
  waiver: "policy",
  finding: "policy",
  rule: "policy",
} as const satisfies Readonly<Record<string, Section>>;

export type Kind = keyof typeof KINDS;

/** `expired` is told of a waiver that is past its day on the new side, whether it changed or not. */
export const SIGNS = ["new", "changed", "expired", "lost"] as const;
export type Sign = (typeof SIGNS)[number];

/** One thing that is otherwise on the new side. */
export interface Change {
  readonly kind: Kind;
  readonly sign: Sign;
  /** What it is about: who begins, who holds, what is made anew. */
  readonly from: string;
  /** The other end of an edge. */
  readonly to?: string;
  /** Whether it is open to the whole internet. */
  readonly public?: boolean;
  readonly phrase: Phrase;
}

export function sectionOf({ kind }: Pick<Change, "kind">): Section {
  return KINDS[kind];
}

/** Kinds that are no change of reach, data or waivers: what is made anew is as contained as before. */
const HARMLESS: ReadonlySet<Kind> = new Set([
  "outage",
  "setting",
  "command",
  "generation",
  "secret",
  "check",
  "finding",
  "rule",
]);

/** Whether somebody has to look at it before it is merged. */
export function counts({ kind, sign }: Change): boolean {
  return !HARMLESS.has(kind) && sign !== "expired";
}
