/** The middle of several values and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws when there is no value */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const least = sorted[0];
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) throw new Error("nothing was measured");
  const middle = sorted.length / 2;
  const lower = sorted[Math.ceil(middle) - 1] ?? least;
  const upper = sorted[Math.floor(middle)] ?? most;
  return { median: (lower + upper) / 2, least, most };
}

/** Ratios of runs that were made side by side, so that what disturbs the machine disturbs both. */
export function summariseRatios(values: readonly number[], by: readonly number[]): Summary {
  if (values.length !== by.length) throw new Error("only runs of the same rounds can be compared");
  return summarise(values.map((value, round) => value / (by[round] ?? Number.NaN)));
}
