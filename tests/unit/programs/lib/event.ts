import { randomUUID } from "node:crypto";
import type { Event } from "#programs/lib/events/event.ts";

/** A block of the guard, of level 12. */
export function event(given: Partial<Event> = {}): Event {
  return {
    ...{ version: 1, id: randomUUID(), time: new Date().toISOString(), level: 12, machine: "office", program: "guard" },
    ...{ action: "message.in", decision: "denied", rule: "injection", subject: "message-1" },
    ...given,
  };
}
