import { counts, sectionOf } from "./change.ts";
import type { Change, Kind, Sign } from "./change.ts";

interface Counted {
  readonly kinds: readonly Kind[];
  readonly signs: readonly Sign[];
  readonly public?: true;
  readonly one: string;
  readonly many: string;
}

const more = (kind: Kind, one: string, many: string): Counted => ({
  kinds: [kind],
  signs: ["new", "changed"],
  one,
  many,
});

const GROWS: readonly Counted[] = [
  { ...more("opening", "public opening", "public openings"), public: true },
  more("link-local", "way to the metadata service", "ways to the metadata service"),
  more("opening", "new way in", "new ways in"),
  more("path", "new path", "new paths"),
  more("name", "new right to ask for names", "new rights to ask for names"),
  more("credential", "key in new hands", "keys in new hands"),
  more("power", "new power over the machine", "new powers over the machine"),
  more("service", "new service", "new services"),
];

const REST: readonly Counted[] = [
  {
    kinds: ["mount", "store"],
    signs: ["new", "changed", "lost"],
    one: "change of a volume or disk",
    many: "changes of volumes or disks",
  },
  { kinds: ["waiver"], signs: ["new", "changed", "lost"], one: "change of a waiver", many: "changes of waivers" },
];

const ASIDE: readonly Counted[] = [
  { kinds: ["outage"], signs: ["changed"], one: "is made anew", many: "are made anew" },
  { kinds: ["generation"], signs: ["changed"], one: "secret rotated", many: "secrets rotated" },
  { kinds: ["finding"], signs: ["new"], one: "new finding", many: "new findings" },
  { kinds: ["waiver"], signs: ["expired"], one: "waiver past its day", many: "waivers past their day" },
];

/** One line: what a reviewer has to know before anything else. */
export function verdictOf(changes: readonly Change[]): string {
  const aside = told(changes, ASIDE);
  const rest = aside.length === 0 ? "" : ` ${sentence(aside)}`;
  if (!changes.some(counts)) {
    if (changes.every(({ sign }) => sign === "expired")) return `No change.${rest}`;
    return `No change of reach, data or waivers.${rest}`;
  }
  const grown = told(changes, GROWS);
  const lost = changes.filter((one) => sectionOf(one) === "reach" && one.sign === "lost").length;
  const reach =
    grown.length > 0
      ? `Reach grows: ${grown.join(", ")}.${lost > 0 ? ` ${String(lost)} lost.` : ""}`
      : lost > 0
        ? `Reach shrinks: ${String(lost)} lost.`
        : "No change of reach.";
  const others = told(changes, REST);
  return `${reach}${others.length === 0 ? "" : ` ${sentence(others)}`}${rest}`;
}

function sentence(parts: readonly string[]): string {
  return `${parts.join(", ")}.`;
}

function told(changes: readonly Change[], all: readonly Counted[]): string[] {
  return all.flatMap(({ kinds, signs, one, many, ...only }) => {
    const fits = changes.filter((change) => kinds.includes(change.kind) && signs.includes(change.sign));
    const own = fits.filter(
      (change) => !kinds.includes("opening") || (change.public === true) === (only.public === true),
    );
    return own.length === 0 ? [] : [`${String(own.length)} ${own.length === 1 ? one : many}`];
  });
}
