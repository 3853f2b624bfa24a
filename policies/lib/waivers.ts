import { show } from "./properties.ts";

/** What has to be said of a waiver beside the rule's id. */
export interface WaiverRecord {
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
    ...(isDate(expires) ? [] : [{ field: "expires" as const, found: show(expires) }]),
  ];
}

/** One word explains nothing. */
function isSentence(reason = ""): boolean {
  return reason.trim().length >= 10 && reason.trim().split(/\s+/).length >= 2;
}

/** Whether the text is a day of the calendar, as YYYY-MM-DD. */
export function isDate(text = ""): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // The 30th of February parses, as the 2nd of March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
