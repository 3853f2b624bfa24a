import { randomInt } from "node:crypto";

/** One item, each as likely as the other: `randomInt` rejects what a remainder would favour. */
export function pick<Item>(items: readonly Item[]): Item {
  const item = items[randomInt(items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** A copy in random order (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[]): Item[] {
  const rest = [...items];
  const mixed: Item[] = [];
  while (rest.length > 0) mixed.push(...rest.splice(randomInt(rest.length), 1));
  return mixed;
}
