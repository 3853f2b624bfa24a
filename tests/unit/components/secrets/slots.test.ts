import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SLOTS, slotGeneration, slotsAt } from "#components/secrets/slots.ts";
import type { Slot } from "#components/secrets/slots.ts";

/** What a deployment does: a slot whose generation changed gets a new value, one without a generation has none. */
function deploy(held: ReadonlyMap<Slot, Value>, generation: number, mint: () => string): Map<Slot, Value> {
  return new Map(
    SLOTS.flatMap((slot) => {
      const wanted = slotGeneration(slot, generation);
      const before = held.get(slot);
      if (wanted === 0) return [];
      return [[slot, before?.generation === wanted ? before : { generation: wanted, text: mint() }] as const];
    }),
  );
}

interface Value {
  readonly generation: number;
  readonly text: string;
}

describe("the slots of a rotating secret", () => {
  test("hold, after any number of rotations and deployments, exactly the last two values that were minted", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (runs) => {
        let generation = 1;
        let count = 0;
        const minted: string[] = [];
        const mint = (): string => {
          minted.push(`value ${String((count += 1))}`);
          return minted.at(-1) ?? "";
        };
        let held = deploy(new Map(), generation, mint);
        for (const rotate of runs) {
          const before = held;
          if (rotate) generation += 1;
          held = deploy(held, generation, mint);
          const { current, previous } = slotsAt(generation);
          expect(held.get(current)?.text).toBe(minted.at(-1));
          expect(held.get(previous)?.text).toBe(minted.at(generation === 1 ? -1 : -2));
          // One slot at most is minted anew, and what was current is valid still.
          expect([...held.values()].map(({ text }) => text)).toContain(before.get(slotsAt(generation).previous)?.text);
          expect(minted).toHaveLength(generation);
        }
      }),
    );
  });

  test("are filled in turn", () => {
    expect([1, 2, 3, 4].map((generation) => SLOTS.map((slot) => slotGeneration(slot, generation)))).toEqual([
      [0, 1],
      [2, 1],
      [2, 3],
      [4, 3],
    ]);
  });

  test("are one and the same until the first rotation", () => {
    expect(slotsAt(1)).toEqual({ current: "b", previous: "b" });
    expect(slotsAt(2)).toEqual({ current: "a", previous: "b" });
  });
});
