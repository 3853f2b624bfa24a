/**
 * A text with one blank in the place of several on a line, and one end of a line in the place of empty lines: expressions
 * that bound blanks cannot be passed with more.
 */
export function oneBlank(text: string): string {
  return text.replace(/[^\S\n]{2,}/g, " ").replace(/\n(?:[^\S\n]?\n)+/g, "\n");
}

/**
 * Where places of a text with fewer blanks are in the text itself, whose words are the same.
 *
 * @param narrow `oneBlank(text)`, or its beginning
 * @param places in `narrow`, each in a word and none before the one before it
 */
export function placesBefore(text: string, narrow: string, places: readonly number[]): number[] {
  const [before = [], after = []] = [text, narrow].map((one) => [...one.matchAll(/\S+/g)].map(({ index }) => index));
  let word = 0;
  return places.map((place) => {
    while ((after[word + 1] ?? Infinity) <= place) word += 1;
    return (before[word] ?? 0) + place - (after[word] ?? 0);
  });
}
