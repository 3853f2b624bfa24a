import { sectionOf } from "../change.ts";
import type { Change, Section, Sign } from "../change.ts";
import type { Phrase } from "../phrase.ts";
import type { Report } from "../report.ts";

/** A heading and what stands under it, the same in every form of the report. */
export interface ShownSection {
  readonly title: string;
  readonly lines: readonly { readonly sign: Sign; readonly phrase: Phrase }[];
  /** Lines that were left out. */
  readonly more: number;
}

const TITLES: Readonly<Record<Section, string>> = {
  reach: "Reach",
  data: "Data and outages",
  secrets: "Secrets",
  policy: "Policies and waivers",
};

/** @param most lines of each section. @default all */
export function sectionsOf({ changes }: Report, most = Infinity): ShownSection[] {
  return (Object.keys(TITLES) as Section[]).flatMap((section) => {
    const own: readonly Change[] = changes.filter((change) => sectionOf(change) === section);
    if (own.length === 0) return [];
    const shown = own.slice(0, most).map(({ sign, phrase }) => ({ sign, phrase }));
    return [{ title: TITLES[section], lines: shown, more: own.length - shown.length }];
  });
}
