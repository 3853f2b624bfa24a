/** The first of the texts that says anything; a program that failed may speak on either stream, or on none. */
export function firstText(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text.trim() !== "")?.trim() ?? "no message";
}
