import { isDay } from "./days.ts";
import { show } from "./properties.ts";

/** What has to be said of a waiver beside the rule's id. */
interface WaiverRecord {
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  /** ISO date (YYYY-MM-DD). */
  readonly expires: string | undefined;
}

/** What is wrong with a record, by field; empty when it is in order. */
export function flawsOf({ reason, owner, expires }: WaiverRecord): { field: keyof WaiverRecord; found: string }[] {
  return [
    ...(isSentence(reason) ? [] : [{ field: "reason" as const, found: show(reason) }]),
    ...((owner ?? "").trim().length > 1 ? [] : [{ field: "owner" as const, found: show(owner) }]),
    ...(isDay(expires) ? [] : [{ field: "expires" as const, found: show(expires) }]),
  ];
}

/** What stands where a reason is still to come. */
const TO_COME = /^(?:todo|tbd|tba|fixme|xxx+|n\/?a|none|later|lorem|ipsum|test|asdf)$/i;

/** One word explains nothing, and neither does one over and over. */
function isSentence(reason = ""): boolean {
  const words = reason.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word) && !TO_COME.test(word.replace(/\W+$/, "")));
  return reason.trim().length >= 10 && new Set(words.map((word) => word.toLowerCase())).size >= 2;
}
