/** The two places of a rotating secret, filled in turn. */
export const SLOTS = ["a", "b"] as const;
export type Slot = (typeof SLOTS)[number];

/**
 * Generation of the value that a slot holds while the secret is at `generation`; 0 where it holds none yet. Raising the
 * generation by one changes one slot only, the older one: the other value stays as it was minted.
 *
 * | generation | a | b |
 * |---|---|---|
 * | 1 |   | 1 |
 * | 2 | 2 | 1 |
 * | 3 | 2 | 3 |
 */
export function slotGeneration(slot: Slot, generation: number): number {
  const turn = SLOTS.indexOf(slot);
  return generation % 2 === turn ? generation : generation - 1;
}

/** Where the current value is, and the one before it. Until the first rotation both are the same one. */
export function slotsAt(generation: number): { readonly current: Slot; readonly previous: Slot } {
  const current = generation % 2 === 0 ? "a" : "b";
  if (generation === 1) return { current, previous: current };
  return { current, previous: current === "a" ? "b" : "a" };
}
