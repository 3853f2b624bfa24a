/** One in how many of a sweep is tried by `npm test`. */
const PART = 4;

/** Whether every sweep is whole: `npm run test:full`, and when goldens are made anew. */
export const isWhole = process.env.GARRISON_TEST_SWEEPS === "whole" || process.env.GARRISON_UPDATE_GOLDEN === "1";
const seed = Number(process.env.GARRISON_TEST_SEED ?? "0");

/**
 * Every fourth item, from one that the run's seed chooses; all of them in `npm run test:full`. The seed 0 to 3 decides
 * alone, so four seeds are the whole.
 */
export function swept<Item>(items: readonly Item[]): readonly Item[] {
  return items.filter((_, index) => isSwept(index));
}

/** The same of what is counted while it goes on. @param index from 0 */
export function isSwept(index: number): boolean {
  return isWhole || index % PART === seed % PART;
}

/** Says of each that is counted, in turn, whether it is tried: for several files that share one sweep. */
export function sampler(): () => boolean {
  let count = 0;
  return () => isSwept(count++);
}

/** How many are tried at least, of a sweep in which there are so many or more. */
export function atLeast(all: number): number {
  return isWhole ? all : Math.floor(all / PART);
}
