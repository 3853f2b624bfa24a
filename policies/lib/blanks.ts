/** A text with one blank in the place of several on a line: expressions that bound blanks cannot be passed with more. */
export function oneBlank(text: string): string {
  return text.replace(/[^\S\n]{2,}/g, " ");
}
