/** What the program of a host calls before each step, as it is written there. */
export const STEP = 'step() { [ "$scope" != host ] || say "$*"; }';

/** The program, or a script that holds it, killed at its nth step, from 1; told is what the program itself tells. */
export function killedAt(program: string, number: number): string {
  if (!program.includes(STEP)) throw new Error("the program has no such step");
  return program.replace(
    STEP,
    () =>
      `n=0\nstep() { n=$((n + 1)); [ "$n" != ${String(number)} ] || kill -9 $$; [ "$scope" != host ] || say "$*"; }`,
  );
}
