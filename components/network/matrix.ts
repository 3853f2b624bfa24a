import { formatPort, isPlace } from "./flow.ts";
import type { Port } from "./flow.ts";
import type { Answer, Reachability } from "./reachability.ts";

/** One line of the matrix. */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port: Port;
  readonly answer: Answer;
}

/** Ports that no flow names and on which nothing listens: what they reach is reached by mistake. */
export const CANARIES: readonly Port[] = [
  { number: 47_113, protocol: "tcp" },
  { number: 47_113, protocol: "udp" },
];

/**
 * Every pair of nodes of which one is a container, on every declared port of the one that answers and on the canary
 * ports. One by one: a machine has many.
 */
export function* matrix(reach: Reachability, canaries: readonly Port[] = CANARIES): Generator<Probe> {
  for (const to of reach.nodes) {
    const ports = distinct([...reach.portsOf(to), ...canaries]);
    for (const from of reach.nodes) {
      if (from === to || (isPlace(from) && isPlace(to))) continue;
      for (const port of ports) yield { from, to, port, answer: reach.ask(from, to, port) };
    }
  }
}

function distinct(ports: readonly Port[]): Port[] {
  return [...new Map(ports.map((port) => [formatPort(port), port])).values()];
}
