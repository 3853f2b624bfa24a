import { isDay } from "./days.ts";
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
    ...(isDay(expires) ? [] : [{ field: "expires" as const, found: show(expires) }]),
  ];
}

/** One word explains nothing. */
function isSentence(reason = ""): boolean {
  return reason.trim().length >= 10 && reason.trim().split(/\s+/).length >= 2;
}
