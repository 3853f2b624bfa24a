import { randomUUID } from "node:crypto";
import { ALERT_LEVEL, type Envelope, type Event } from "../events/event.ts";
import type { Reading } from "../events/read-event.ts";

/** What people are told of one event. */
export interface Notice {
  /** The event's own. */
  readonly id: string;
  /** The same for events that differ in nothing but their time, run and cost. */
  readonly key: string;
  readonly level: number;
  readonly text: string;
}

/** How far the clock of an event's machine may be ahead of this one's before it is off, in milliseconds. */
export const CLOCK_TOLERANCE = 5 * 60_000;

/** The notices of what was read: one of the event, one of a clock that is off, one of a line that is no event. */
export function noticesOf(reading: Reading, machine: string, now: number): Notice[] {
  if (reading.is === "refused") {
    // No words of the line: it may be anybody's. Alike lines are one alert, however many there are.
    return [own(machine, "event.refused", `a line is no event: ${reading.problems.slice(0, 8).join("; ")}`)];
  }
  const { event } = reading;
  const ahead = Date.parse(event.time) - now;
  return [
    reading.is === "event" ? noticeOf(reading.event) : newerNotice(reading.event),
    ...(ahead > CLOCK_TOLERANCE
      ? [own(machine, "clock.off", `the clock of ${event.machine}, or of this machine, is off`, event.machine)]
      : []),
  ];
}

/** A notice of the notifier itself, on the machine that it runs on. `about` keeps alike ones of different things apart. */
export function own(machine: string, action: string, text: string, about = text): Notice {
  const key = keyOf(["notify", machine, action, about]);
  return {
    id: randomUUID(),
    key,
    level: ALERT_LEVEL,
    text: `[${ALERT_LEVEL}] notify on ${machine}: ${action}: ${text}`,
  };
}

function noticeOf(event: Event): Notice {
  const { id, level, machine, program, action, decision, rule, subject, onBehalfOf = {}, cost = {} } = event;
  const { run, sender, agent } = onBehalfOf;
  const behalf = [agent, sender && `sender ${sender}`, run && `run ${run}`].filter((one) => one !== undefined);
  const spent = Object.entries(cost).map(([unit, amount]) => `${String(amount)} ${unit}`);
  const text = [
    `${heading(event)} ${decision}`,
    rule && ` by ${rule}`,
    subject && `: ${subject}`,
    behalf.length > 0 && `; for ${behalf.join(", ")}`,
    spent.length > 0 && `; ${spent.join(", ")}`,
    `; ${event.time}`,
  ];
  const key = keyOf([machine, program, action, level, decision, rule, subject, sender, agent]);
  return { id, key, level, text: text.filter((part) => typeof part === "string").join("") };
}

function newerNotice(event: Envelope): Notice {
  const { id, level, machine, program, action, version } = event;
  const text = `${heading(event)}; ${event.time}; of version ${version}, newer than this notifier: update it to read the rest`;
  return { id, key: keyOf([machine, program, action, level, version]), level, text };
}

function heading({ level, program, machine, action }: Envelope | Event): string {
  return `[${level}] ${program} on ${machine}: ${action}`;
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}
