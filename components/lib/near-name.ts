import { closest, distance } from "fastest-levenshtein";

/** The name that somebody meant who wrote another; undefined where none is near. Dashes and capitals do not count. */
export function nearName(written: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const meant = closest(plain(written), known.map(plain));
  if (distance(plain(written), meant) > Math.max(1, Math.floor(meant.length / 3))) return undefined;
  return known.find((one) => plain(one) === meant);
}

function plain(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}
