import { isPlace } from "./flow.ts";
import type { Flow } from "./flow.ts";
import type { PlannedNetwork } from "./plan-networks.ts";

/** A way that a flow takes: over one network, between addresses. */
export interface Path {
  readonly flow: Flow;
  readonly network: PlannedNetwork;
  /** Address of the service that begins; undefined where the flow comes from outside. */
  readonly source?: string;
  /** Address of the service that answers; undefined where the flow leads outside. */
  readonly destination?: string;
}

/** Networks by the services on them: what finds paths without looking at every network for every flow. */
export type Memberships<Network> = ReadonlyMap<string, ReadonlySet<Network>>;

/**
 * Every way of a flow. Services meet on internal networks only: on one that leads out, members cannot reach each other.
 * A network without a way out leads to the host all the same, on the address of its bridge.
 */
export function pathsAmong(flow: Flow, memberships: Memberships<PlannedNetwork>): Path[] {
  return carriersOf(flow, memberships).map((network) => {
    const source = network.addresses[flow.from];
    const destination = network.addresses[flow.to];
    return { flow, network, ...(source && { source }), ...(destination && { destination }) };
  });
}

export function plannedMemberships(networks: readonly PlannedNetwork[]): Memberships<PlannedNetwork> {
  return membershipsOf(networks, ({ addresses }) => Object.keys(addresses));
}

export function membershipsOf<Network>(
  networks: readonly Network[],
  members: (network: Network) => readonly string[],
): Memberships<Network> {
  const byService = new Map<string, Set<Network>>();
  for (const network of networks) {
    for (const name of members(network)) {
      const own = byService.get(name);
      if (own === undefined) byService.set(name, new Set([network]));
      else own.add(network);
    }
  }
  return byService;
}

/** The networks that carry a flow, in the order in which they were declared. */
export function carriersOf<Network extends { readonly name: string; readonly internal: boolean }>(
  flow: Pick<Flow, "from" | "to" | "network">,
  memberships: Memberships<Network>,
): Network[] {
  return sharedNetworks(flow.from, flow.to, memberships).filter(
    (network) => (flow.network ?? network.name) === network.name && carries(flow, network),
  );
}

/** The networks that two services share, or those of the one where the other is a place. */
export function sharedNetworks<Network>(a: string, b: string, memberships: Memberships<Network>): Network[] {
  const [ofA, ofB] = [a, b].map((name) => memberships.get(name) ?? new Set<Network>());
  if (ofA === undefined || ofB === undefined || (isPlace(a) && isPlace(b))) return [];
  if (isPlace(a)) return [...ofB];
  if (isPlace(b)) return [...ofA];
  // A proxy is on a network for every client, a client on few.
  const [few, many] = ofA.size <= ofB.size ? [ofA, ofB] : [ofB, ofA];
  return [...few].filter((network) => many.has(network));
}

function carries({ from, to }: Pick<Flow, "from" | "to">, { internal }: { readonly internal: boolean }): boolean {
  if (from === "host" || to === "host") return true;
  return internal === (!isPlace(from) && !isPlace(to));
}
