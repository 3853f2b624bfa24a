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

/**
 * Every way of a flow. Services meet on internal networks only: on one that leads out, members cannot reach each other.
 * A network without a way out leads to the host all the same, on the address of its bridge.
 */
export function pathsOf(flow: Flow, networks: readonly PlannedNetwork[]): Path[] {
  return networks.flatMap((network) => {
    if (!carries(flow, network)) return [];
    const source = network.addresses[flow.from];
    const destination = network.addresses[flow.to];
    if (source === undefined && !isPlace(flow.from)) return [];
    if (destination === undefined && !isPlace(flow.to)) return [];
    return [{ flow, network, ...(source && { source }), ...(destination && { destination }) }];
  });
}

function carries({ from, to }: Flow, { internal }: PlannedNetwork): boolean {
  if (from === "host" || to === "host") return true;
  return internal === (!isPlace(from) && !isPlace(to));
}
