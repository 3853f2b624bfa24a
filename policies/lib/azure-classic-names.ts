import type { Move } from "./translation.ts";

/** What @pulumi/azure calls `name`. */
export function named(name: string): Move[] {
  return [{ from: "name", to: name }];
}
