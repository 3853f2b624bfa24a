import type { Service } from "#components/wiring/blueprint.ts";
import { awaitedProgram } from "../awaited-program.ts";
import { evidence } from "./evidence.ts";

export function calendarAggregator(name: string): Service {
  return awaitedProgram(name, {
    purpose: "Merges calendars into availability.json",
    image: "calendar-aggregator",
    evidence,
  });
}
