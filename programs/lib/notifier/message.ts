import { createHash } from "node:crypto";
import type { Stored } from "./spool.ts";

/** What a channel sends: plain text, no markup. */
export interface Message {
  /** The same for the same alerts, so that a mailbox can tell a repetition. */
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

/** Alerts of one message at most. */
const TOGETHER = 20;

/**
 * One message of as many of `due` as belong and fit together, at least one, in their order; `taken` are those.
 * `longest` is in UTF-16 units. `bare` leaves out every word that came with an event, for a channel that refuses them.
 */
export function compose(
  due: readonly Stored[],
  { machine, longest, bare }: { machine: string; longest: number; bare: boolean },
): { message: Message; taken: readonly Stored[] } {
  const [first] = due;
  if (!first) throw new RangeError("compose: nothing is due");
  const together = first.isDigest ? [first] : due.filter((one) => !one.isDigest).slice(0, TOGETHER);
  const taken: Stored[] = [];
  let text = "";
  for (const one of together) {
    const longer = taken.length === 0 ? wordsOf(one, bare) : `${text}\n\n${wordsOf(one, bare)}`;
    if (taken.length > 0 && longer.length > longest) break;
    taken.push(one);
    text = longer;
  }
  const named = taken.map(({ id, count }) => `${id}.${count}`).join(" ");
  const id = createHash("sha256").update(`${machine} ${named}`).digest("hex").slice(0, 32);
  return { message: { id, subject: subjectOf(taken, machine), text: cut(text, longest) }, taken };
}

function subjectOf(taken: readonly Stored[], machine: string): string {
  if (taken[0]?.isDigest) return `${machine}: digest`;
  const highest = Math.max(...taken.map(({ level }) => level));
  return `${machine}: ${taken.length === 1 ? "alert" : `${taken.length} alerts`} of level ${highest}`;
}

/** The number before it lets people recognise what reaches them twice. */
function wordsOf({ id, isDigest, level, text, count, told, last }: Stored, bare: boolean): string {
  const words = bare ? `${isDigest ? "digest" : `level ${level}`}: the channel refused the words` : text;
  if (isDigest) return `Digest ${id}. ${words}`;
  const more = count - told;
  const times = told + more > 1 ? ` ${told > 0 ? "again, " : ""}${more} x until ${new Date(last).toISOString()}` : "";
  return `#${id}${times} ${words}`;
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // No half of a pair of surrogates.
  return `${text.slice(0, longest - 2).replace(/[\uD800-\uDBFF]$/, "")} …`;
}
