import * as pulumi from "@pulumi/pulumi";

/** Takes down one problem. */
export type Report = (field: string, found: string, expected: string) => void;

/** A value as it is told of in a report. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (pulumi.Output.isInstance(value)) return "an output, which only the name of a network may be";
  if (typeof value === "function") return "a function";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

export function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
