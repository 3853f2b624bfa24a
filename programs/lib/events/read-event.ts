import type { z } from "zod";
import { EVENT_VERSION, envelopeSchema, eventSchema, type Envelope, type Event } from "./event.ts";

/** The longest line that is read, in UTF-16 units; the longest event has a fifth of it. */
export const LONGEST_LINE = 16_384;

/** What a line turned out to be. Problems never repeat a value: it may be the secret that does not belong there. */
export type Reading =
  | { readonly is: "event"; readonly event: Event }
  | { readonly is: "newer"; readonly event: Envelope }
  | { readonly is: "refused"; readonly problems: readonly string[] };

/**
 * Reads one line of JSON. An event that does not fit is refused with every problem of it. One of a newer version is
 * read as far as all versions agree.
 */
export function readEvent(line: string): Reading {
  if (line.length > LONGEST_LINE) return refused(`line: ${line.length} characters; expected at most ${LONGEST_LINE}`);
  const value = parsed(line);
  if (value === undefined) return refused("line: not JSON; expected one object");
  if (isNewer(value)) {
    const { data, error } = envelopeSchema.safeParse(value);
    return data ? { is: "newer", event: data } : refused(...problemsOf(error));
  }
  const { data, error } = eventSchema.safeParse(value);
  return data ? { is: "event", event: data } : refused(...problemsOf(error));
}

/** An event as the line that is written of it. Throws an {@link EventError} with every problem where it does not fit. */
export function eventLine(event: Event): string {
  const { error } = eventSchema.safeParse(event);
  if (error) throw new EventError(problemsOf(error));
  return `${JSON.stringify(event)}\n`;
}

/** An event that a program was about to write does not fit. */
export class EventError extends Error {
  override readonly name = "EventError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`event does not fit version ${EVENT_VERSION}:\n${problems.map((one) => `  ${one}`).join("\n")}`);
    this.problems = problems;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("version" in value)) return false;
  return typeof value.version === "number" && Number.isInteger(value.version) && value.version > EVENT_VERSION;
}

function refused(...problems: readonly string[]): Reading {
  return { is: "refused", problems };
}

/** `property: what was expected` of each problem. */
function problemsOf(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    const at = (last?: string) =>
      [...issue.path.map(String), ...(last === undefined ? [] : [last])].join(".") || "line";
    if (issue.code !== "unrecognized_keys") return [`${at()}: ${issue.message}`];
    // A key may be what somebody wrote, too.
    const plain = issue.keys.filter((key) => /^[A-Za-z][A-Za-z_-]{0,30}$/.test(key));
    const others = issue.keys.length - plain.length;
    return [
      ...plain.map((key) => `${at(key)}: not of the schema; expected to be left out`),
      ...(others > 0 ? [`${at()}: ${others} properties that the schema does not name; expected none`] : []),
    ];
  });
}
