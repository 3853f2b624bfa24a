import type { Verdict } from "./judge.ts";
import { waivableBy } from "./judge.ts";
import type { Rule } from "./rule.ts";

/** The engine puts up to ten columns before a message: so a line on the screen has at most 160. */
export const LONGEST_LINE = 150;

// The longest properties of Azure are as long; what somebody made up, such as the name of a label, may be longer.
const LONGEST_PROPERTY = 120;
const LONGEST_NAME = 60;
const SHORTEST_PART = 10;

const NEVER = "nothing waives this finding";
const EXPECTED = "; expected ";
const NOTHING = "Nothing waives it.";
const LABEL_ALONE = "A label alone does not waive it.";

/** A finding as the parts of its text. */
export interface FindingParts {
  /** Name of the resource; none where the finding is about the whole stack. */
  readonly resource?: string;
  readonly property: string;
  readonly found: string;
  readonly expected: string;
  /** Why a waiver that somebody tried does not count. */
  readonly waiver?: string | undefined;
}

/** A verdict as the parts of its text, in full. */
export function partsOf(rule: Rule, verdict: Verdict): FindingParts {
  const { finding, resource, waiverRefused } = verdict;
  return {
    ...(resource !== undefined && { resource: resource.name }),
    property: finding.property,
    found: finding.found,
    expected: finding.expected,
    ...(waiverRefused && { waiver: refusal(rule, verdict) }),
  };
}

function refusal(rule: Rule, { finding }: Verdict): string {
  return waivableBy(rule, finding) === "never"
    ? `There is a waiver of ${rule.id}, but ${NEVER}.`
    : `The label garrison.waivers names ${rule.id}, but a label alone does not waive this finding; ` +
        `the pack configuration would have to allow it with {"${rule.id}": {"waivableByLabel": true}}.`;
}

/** The whole text, for a report. */
export function textOf({ resource, property, found, expected, waiver }: FindingParts): string {
  const where = resource === undefined ? property : `${resource}: ${property}`;
  return plain(`${where} is ${found}${EXPECTED}${expected}.${waiver === undefined ? "" : ` ${waiver}`}`);
}

/**
 * The text as one line of a preview. Where it would be longer, what was found and what is expected are cut at a word, and
 * what is expected left out where the property fills the line; why a waiver does not count is told in short.
 */
export function lineOf(parts: FindingParts): string {
  const { waiver, ...rest } = parts;
  const end = waiver === undefined ? "." : waiver.includes(NEVER) ? `. ${NOTHING}` : `. ${LABEL_ALONE}`;
  const whole = textOf(rest).replace(/\.$/, end);
  if (whole.length <= LONGEST_LINE) return whole;
  const property = withoutMiddle(plain(parts.property), LONGEST_PROPERTY);
  const room = LONGEST_LINE - property.length - " is ".length - EXPECTED.length - ".".length;
  const name = parts.resource === undefined ? "" : `${nameIn(plain(parts.resource), room - 2 * SHORTEST_PART)}: `;
  const head = `${name}${property} is `;
  const left = room - name.length;
  if (left < 2 * SHORTEST_PART) return head + cutAtWord(plain(parts.found), LONGEST_LINE - head.length);
  const said = left - end.length >= 2 * SHORTEST_PART ? end : ".";
  const [found, expected] = share(plain(parts.found), plain(parts.expected), left - said.length + 1);
  return `${head}${found}${EXPECTED}${expected}${said}`.replace("….", "…");
}

function nameIn(name: string, room: number): string {
  return withoutMiddle(name, Math.max(SHORTEST_PART, Math.min(LONGEST_NAME, room - ": ".length)));
}

/** Two texts that have to do with `room` characters: the shorter one stays whole where it can. */
function share(first: string, second: string, room: number): [string, string] {
  const half = Math.floor(room / 2);
  const begun = cutAtWord(first, second.length <= half ? room - second.length : half);
  return [begun, cutAtWord(second, room - begun.length)];
}

/** At most `longest` characters, cut after a word where there is one in the second half. */
export function cutAtWord(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - 1);
  const space = text.charAt(longest - 1) === " " ? longest - 1 : kept.lastIndexOf(" ");
  return `${space > longest / 2 ? kept.slice(0, space).replace(/[\s,;:]+$/, "") : kept}…`;
}

/** Lines of at most `longest` characters, where the words allow it. */
export function wrapped(text: string, longest: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= longest) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

function withoutMiddle(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const begin = Math.floor((longest - 1) / 2);
  return `${text.slice(0, begin)}…${text.slice(text.length - (longest - 1 - begin))}`;
}

/** On one line, without what a terminal would obey. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
