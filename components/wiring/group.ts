import type { Service } from "./blueprint.ts";

/** Several services on one network, where relations between two of them would each have one of their own. */
export interface Group {
  readonly name: string;
  readonly why: string;
  readonly members: readonly Service[];
}

/** Puts services on one network: `group("wazuh", "Wazuh's parts talk", [manager, indexer, dashboard])`. */
export function group(name: string, why: string, members: readonly Service[]): Group {
  return { name, why, members };
}
