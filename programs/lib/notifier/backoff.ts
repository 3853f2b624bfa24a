/** Milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

/** From a second to five minutes. */
export const backoffDefaults: Backoff = { first: 1000, longest: 5 * 60_000 };

/**
 * How long to wait after the `failures`-th failure in a row: twice as long each time, of which a random half is left out
 * so that many do not come back at once; never less than the other side asked for.
 */
export function delayAfter(
  failures: number,
  retryAfter: number,
  { first, longest }: Backoff,
  random: () => number,
): number {
  const whole = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return Math.max(retryAfter, whole * (0.5 + random() / 2));
}
