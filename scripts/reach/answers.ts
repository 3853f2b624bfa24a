import type { Port } from "#components/network/flow.ts";
import { CANARIES } from "#components/network/matrix.ts";
import type { Answer, Reachability, Relay } from "#components/network/reachability.ts";

/** The answer for one port. */
export type PortAnswer = Answer & { readonly port: Port };

/** What `from` reaches of `to`. */
export interface PairAnswer {
  readonly from: string;
  readonly to: string;
  readonly reachable: boolean;
  readonly answers: readonly PortAnswer[];
  /** Where it cannot go itself, the proxies that go for it. */
  readonly through: readonly Relay[];
}

/** Everything that one node reaches, and everything by which it is reached. */
export interface NodeAnswer {
  readonly node: string;
  readonly reaches: readonly PairAnswer[];
  readonly reachedBy: readonly PairAnswer[];
  readonly through: readonly Relay[];
}

/** Asks for one port, or for every port that the other end has. */
export function askPair(reach: Reachability, from: string, to: string, port?: Port): PairAnswer {
  const declared = reach.portsOf(to);
  const ports = port !== undefined ? [port] : declared.length > 0 ? declared : CANARIES.slice(0, 1);
  const answers = ports.map((own): PortAnswer => ({ port: own, ...reach.ask(from, to, own) }));
  const through = to === "internet" ? reach.relaysOf(from) : [];
  return { from, to, reachable: answers.some(({ reachable }) => reachable), answers, through };
}

export function askNode(reach: Reachability, node: string): NodeAnswer {
  const others = reach.nodes.filter((other) => other !== node);
  const reached = (from: string, to: string): PairAnswer[] => {
    const pair = askPair(reach, from, to);
    return pair.reachable ? [{ ...pair, answers: pair.answers.filter(({ reachable }) => reachable) }] : [];
  };
  return {
    node,
    reaches: others.flatMap((other) => reached(node, other)),
    reachedBy: others.flatMap((other) => reached(other, node)),
    through: reach.relaysOf(node),
  };
}
