import type { Difference } from "#provider/diff.ts";
import { at } from "./values.ts";

/** Whether a difference is at this dotted path, below it, or above it and holds a value there. Positions in lists do not count. */
export function concerns(path: string, { path: where, before, after }: Difference): boolean {
  const changed = where.filter((key) => typeof key === "string").join(".");
  if (changed === path || changed.startsWith(`${path}.`)) return true;
  if (!path.startsWith(`${changed}.`)) return false;
  const rest = path.slice(changed.length + 1).split(".");
  return at(before, ...rest) !== undefined || at(after, ...rest) !== undefined;
}
