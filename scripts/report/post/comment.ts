/** What a comment of ours begins with: `<!-- garrison-report:office -->`. */
const MARKER = /^<!-- garrison-report:([\w.-]{1,80}) -->\n/;

/** The most characters that a report has; GitHub takes 65,536. */
export const LONGEST = 60_000;

/** The one label that a report may set: of a change that nobody has to read for its reach. */
export const LABEL = "no-reach-change";

/** A report as a run without any right has left it: text of a stranger, until it was looked at. */
export interface Comment {
  /** The estate. */
  readonly name: string;
  readonly marker: string;
  readonly body: string;
}

/** Reads a report that somebody else has written. @throws where it is not what a report looks like */
export function readComment(text: string): Comment {
  if (text.length > LONGEST)
    throw new Error(`the report has ${String(text.length)} characters, more than ${String(LONGEST)}`);
  const [marker, name = ""] = MARKER.exec(text) ?? [];
  if (marker === undefined) throw new Error("the report does not begin with its marker");
  return { name, marker: marker.trimEnd(), body: `${marker}${harmless(text.slice(marker.length))}` };
}

/** What shows nothing and turns the reading order; line feeds and tabs stay. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu;

/** A picture of ours: nodes with a quoted name, and arrows. */
const PICTURE =
  /^```mermaid\nflowchart LR\n(?: {2}(?:n\d+\["[^"`\n<>]*"\]|n\d+ (?:==>|-\. lost \.->) n\d+|%% \d+ more are not drawn)\n)+```$/;
const SPAN = /(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/;
const CODE = new RegExp(`${PICTURE.source}|${SPAN.source}`, "gm");

/**
 * The text with nothing in it but headings, lists, strong words, code and our pictures: outside of code there is no HTML, no
 * link, no picture, no mention, no number of an issue. Our own report has none of them; a forged one loses them.
 */
export function harmless(text: string): string {
  const clean = text.replaceAll(UNSEEN, "�");
  let end = 0;
  let result = "";
  for (const match of clean.matchAll(CODE)) {
    result += plain(clean.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + plain(clean.slice(end));
}

function plain(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("`", "'")
    .replaceAll("~~~", "'''")
    .replaceAll(/[[\]]/g, "\\$&")
    .replaceAll(/[@]/g, "(at)")
    .replaceAll(/#(?=\d)/g, "no. ")
    .replaceAll("|", "&#124;")
    .replaceAll(/\bGH-(?=\d)/gi, "GH ")
    .replaceAll(/:\/\//g, ": //")
    .replaceAll(/\bwww\./gi, "www ");
}
