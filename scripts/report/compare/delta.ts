export interface Delta<T> {
  readonly added: readonly T[];
  readonly gone: readonly T[];
  /** On both sides, and not the same. */
  readonly changed: readonly (readonly [before: T, after: T])[];
}

/** What is on one side only, and what differs; in the order of the keys, whatever order the sides have. */
export function delta<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => readonly string[]): Delta<T> {
  const [old, now] = [byKey(before, keyOf), byKey(after, keyOf)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  const pairs = keys.map((key) => [old.get(key), now.get(key)] as const);
  return {
    added: pairs.flatMap(([was, is]) => (was === undefined && is !== undefined ? [is] : [])),
    gone: pairs.flatMap(([was, is]) => (was !== undefined && is === undefined ? [was] : [])),
    changed: pairs.flatMap(([was, is]) =>
      was !== undefined && is !== undefined && written(was) !== written(is) ? [[was, is] as const] : [],
    ),
  };
}

/** Of two with one key the order of their texts decides. */
function byKey<T>(all: readonly T[], keyOf: (one: T) => readonly string[]): Map<string, T> {
  const sorted = all.toSorted((a, b) => (written(a) < written(b) ? -1 : 1));
  return new Map(sorted.map((one) => [JSON.stringify(keyOf(one)), one]));
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Grouped by some of the fields, in the order of these. */
export function groups<T>(all: readonly T[], keyOf: (one: T) => readonly string[]): (readonly [T, ...T[]])[] {
  const grouped = [...Map.groupBy(all, (one) => JSON.stringify(keyOf(one)))];
  return grouped.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own as [T, ...T[]]);
}
