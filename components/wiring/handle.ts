import type { Blueprint } from "./blueprint.ts";

/**
 * A service of a machine, made by the factory of its kind. To pass a handle on to another service is to say that there
 * is a relation: flow, network, secret and start order follow from it.
 */
export interface Service {
  /** Unique on its machine: name of the container, of its host name and of its alias. */
  readonly name: string;
  readonly blueprint: Blueprint;
}

/** A service that others ask. What it speaks is a part of its type: a wrong wire does not compile. */
export interface Endpoint<Protocol extends string = string> extends Service {
  readonly speaks: Protocol;
  /** The TCP port that clients ask. */
  readonly port: number;
}

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
