/** Our own words, and in between what others wrote: a name, or a sentence. Each form of the report renders them safely. */
export type Phrase = readonly (string | { readonly name: string } | { readonly words: string })[];

/** `phrase\`\${"searxng"} reaches \${"valkey"}: \${words(why)}\``: what is filled in is a name unless it says otherwise. */
export function phrase(texts: TemplateStringsArray, ...filled: readonly (string | Phrase)[]): Phrase {
  return texts.flatMap((text, index): Phrase => {
    const value = filled[index];
    const own = text === "" ? [] : [text];
    if (value === undefined) return own;
    return typeof value === "string" ? [...own, { name: value }] : [...own, ...value];
  });
}

/** A sentence that somebody else wrote. */
export function words(text: string): Phrase {
  return [{ words: text }];
}

/** Words of our own that follow from data, such as a number. */
export function ours(text: string): Phrase {
  return text === "" ? [] : [text];
}

const SHOWN = 8;

/** The names in order, each once; of many the first. */
export function names(all: readonly string[]): Phrase {
  const distinct = [...new Set(all)].sort();
  const shown = distinct
    .slice(0, SHOWN)
    .flatMap((name, index): Phrase => (index === 0 ? [{ name }] : [", ", { name }]));
  return distinct.length <= SHOWN ? shown : [...shown, ` and ${String(distinct.length - SHOWN)} more`];
}

/** As one text, as it was written: what order and equality are decided by. */
export function flat(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === "string" ? part : "name" in part ? part.name : part.words)).join("");
}
