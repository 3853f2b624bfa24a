import { KINDS, SIGNS, counts } from "./change.ts";
import type { Change, Kind } from "./change.ts";
import { dataChanges } from "./compare/data.ts";
import { outageChanges } from "./compare/outages.ts";
import { policyChanges } from "./compare/policy.ts";
import { reachChanges } from "./compare/reach.ts";
import { secretChanges } from "./compare/secrets.ts";
import { flat } from "./phrase.ts";
import { LABEL } from "./post/comment.ts";
import type { Side } from "./side.ts";
import { verdictOf } from "./verdict.ts";

/** What a change does, from both sides. */
export interface Report {
  /** The estate's name in the comment's marker. */
  readonly name: string;
  /** What the two sides are, for people. */
  readonly before: string;
  readonly after: string;
  readonly source: Side["source"];
  readonly verdict: string;
  readonly labels: readonly string[];
  /** In the order in which they are told. */
  readonly changes: readonly Change[];
  /** Resources by type, where they are more or fewer. */
  readonly counts: readonly { readonly type: string; readonly before: number; readonly after: number }[];
  /** Resources on both sides. */
  readonly total: { readonly before: number; readonly after: number };
}

export interface Compared {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** The day on which waivers are looked at, as YYYY-MM-DD. */
  readonly asOf: string;
}

/** The same two sides give the same report, whatever order they are written in. */
export function reportOn(before: Side, after: Side, compared: Compared): Report {
  const changes = [
    ...reachChanges(before, after),
    ...dataChanges(before, after),
    ...outageChanges(before, after),
    ...secretChanges(before, after),
    ...policyChanges(before, after, compared.asOf),
  ].sort(inOrder);
  const sum = (side: Side): number => Object.values(side.counts).reduce((all, one) => all + one, 0);
  return {
    ...{ name: compared.name, before: compared.before, after: compared.after, source: after.source },
    verdict: verdictOf(changes),
    labels: changes.some(counts) ? [] : [LABEL],
    changes,
    counts: countsOf(before, after),
    total: { before: sum(before), after: sum(after) },
  };
}

const ORDER = Object.keys(KINDS) as readonly Kind[];

/** What is open to everybody comes before the rest of its kind. */
function inOrder(a: Change, b: Change): number {
  const rank = ({ kind, sign, ...rest }: Change): readonly number[] => [
    ...[ORDER.indexOf(kind), rest.public === true ? 0 : 1, SIGNS.indexOf(sign)],
  ];
  const [first, second] = [rank(a), rank(b)];
  const differs = first.findIndex((value, index) => value !== second[index]);
  if (differs >= 0) return (first[differs] ?? 0) - (second[differs] ?? 0);
  return flat(a.phrase) < flat(b.phrase) ? -1 : 1;
}

function countsOf(before: Side, after: Side): Report["counts"] {
  const types = [...new Set([...Object.keys(before.counts), ...Object.keys(after.counts)])].sort();
  return types
    .map((type) => ({ type, before: before.counts[type] ?? 0, after: after.counts[type] ?? 0 }))
    .filter((one) => one.before !== one.after);
}
