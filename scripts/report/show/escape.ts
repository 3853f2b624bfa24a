import { hideSecrets } from "#policies/lib/secret-patterns.ts";
import type { Phrase } from "../phrase.ts";

/** As much of what others wrote as a reader needs. */
const LONGEST = 240;

/**
 * Text of others on one line, cut, without secrets and without what no reader sees or a terminal obeys: control
 * characters, marks that turn the direction of writing, blanks of no width.
 */
export function seen(text: string, longest = LONGEST): string {
  const visible = hideSecrets(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, "�")
    .trim();
  // Not between the halves of a character.
  return visible.length <= longest ? visible : `${visible.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Words that GitHub renders as they stand: no mark, no mention, no number of an issue, no hash, no address. */
const HARMLESS = /^[A-Za-z0-9 ,.;:()'%+-]*$/;
const LINKED = /\bwww\.|\bGH-\d|\b[0-9a-f]{7,40}\b|:\/\//i;

/** One part of a phrase in GitHub's Markdown. What others wrote is code wherever it could be read as anything else. */
export function inMarkdown(phrase: Phrase): string {
  return phrase
    .map((part) => {
      if (typeof part === "string") return part;
      const text = seen("name" in part ? part.name : part.words);
      return "words" in part && HARMLESS.test(text) && !LINKED.test(text) ? text : inCode(text);
    })
    .join("");
}

/** A code span: its fence is longer than any that is in the text. */
export function inCode(text: string): string {
  if (text === "") return "`(empty)`";
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** For a terminal: what others wrote as it is seen. */
export function inTerminal(phrase: Phrase): string {
  return phrase
    .map((part) => (typeof part === "string" ? part : seen("name" in part ? part.name : part.words)))
    .join("");
}

/** The inside of a quoted label in a Mermaid picture: letters, digits and signs that mean nothing there. */
export function inPicture(text: string): string {
  const plain = seen(text, 40).replaceAll(/[^\p{L}\p{N} .,:/_*@+…-]/gu, "_");
  return plain.replaceAll("@", "_");
}
