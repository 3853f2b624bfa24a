const LONGEST = 262_144;
/** Reading takes time by the square of the heredocs that are open at once. */
const MOST_HEREDOCS = 1000;

/** A text that reading takes time for in proportion to its length. An `&` before `name=` in a URL is meant as part of it. */
export function bounded(text: string): { readonly text: string; readonly isCut: boolean } {
  const cut = text
    .slice(0, LONGEST)
    .replaceAll("\r\n", "\n")
    .replace(/https?:\/\/[^\s'"`|;<>()]+/g, (url) => url.replace(/&(?=\w+=)/g, "%26"));
  let at = -1;
  for (let count = 0; count < MOST_HEREDOCS; count += 1) {
    at = cut.indexOf("<<", at + 2);
    if (at < 0) return { text: cut, isCut: text.length > LONGEST };
  }
  return { text: cut.slice(0, at), isCut: true };
}
