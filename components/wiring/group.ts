import type { Service } from "./blueprint.ts";

/** Several services on one network, where relations between two of them would each have one of their own. */
export interface Group {
  readonly name: string;
  readonly why: string;
  readonly members: readonly Service[];
}

/**
 * Puts services on one network, which all of them meet on.
 *
 * @example
 * ```ts
 * const logs = group("logs", "whoever writes logs meets who keeps them", [writer, keeper]);
 * ```
 */
export function group(name: string, why: string, members: readonly Service[]): Group {
  return { name, why, members };
}
