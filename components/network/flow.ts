/** A place outside the machine's containers. Another machine of the estate is `machine:` and its name. */
export type Place = (typeof PLACES)[number] | MachineNode;

/** `machine:models`: one address, which `garrison:machines` says, and no other of its network. */
export type MachineNode = `machine:${string}`;

/**
 * `host` is the machine itself, `lan` its neighbours, `metadata` the cloud's metadata service, `resolver` the name
 * servers of the settings, `internet` every public address.
 */
export const PLACES = ["host", "lan", "metadata", "resolver", "internet"] as const;

const MACHINE = "machine:";

/** A port that something listens on. */
export interface Port {
  readonly number: number;
  readonly protocol: "tcp" | "udp";
}

/** Who may begin a connection to whom, on which ports, and why. Answers need no flow of their own. */
export interface Flow {
  /** A service or a {@link Place}. */
  readonly from: string;
  /** A service or a {@link Place}. */
  readonly to: string;
  readonly ports: readonly Port[];
  readonly why: string;
  /** `"any"`: who begins does not wait for the other to start. @default it waits where the two share a secret */
  readonly start?: "any";
  /** The program of the machine that is meant, where an end is `host`. @default any */
  readonly program?: string;
  /** The one network that carries it. @default every network that can */
  readonly network?: string;
  /** Number of the account of the machine that begins it, where the machine does. @default any account */
  readonly account?: number;
  /**
   * The service that the machine asks who somebody is before it hands a request on. Nothing else begins connections to an
   * agent. @default nobody is asked
   */
  readonly authenticatedBy?: string;
}

/** `8080` is TCP, `"53/udp"` is UDP. */
export type PortText = number | `${number}/udp`;

/** Declares a flow: `flow("searxng", "valkey", 6379, "the search caches")`. */
export function flow(from: string, to: string, ports: PortText | readonly PortText[], why: string): Flow {
  const list = typeof ports === "object" ? ports : [ports];
  return { from, to, ports: list.map(parsePort), why };
}

export function isPlace(name: string): name is Place {
  return PLACES.some((place) => place === name) || isMachine(name);
}

export function machineNode(machine: string): MachineNode {
  return `machine:${machine}`;
}

export function isMachine(node: string): node is MachineNode {
  return node.startsWith(MACHINE);
}

/** Name of another machine, by its end of a flow. */
export function machineOf(node: MachineNode): string {
  return node.slice(MACHINE.length);
}

/** `8080`, or `53/udp`: TCP goes without saying. */
export function formatPort({ number, protocol }: Port): string {
  return protocol === "tcp" ? String(number) : `${String(number)}/${protocol}`;
}

/** Flows by who begins, then by who answers. */
export type FlowsByEnds = ReadonlyMap<string, ReadonlyMap<string, readonly Flow[]>>;

/** Makes the table in which the flows between two ends are found at once. */
export function flowsByEnds(flows: readonly Flow[]): FlowsByEnds {
  const byFrom = new Map<string, Map<string, Flow[]>>();
  for (const own of flows) {
    const byTo = byFrom.get(own.from) ?? new Map<string, Flow[]>();
    const same = byTo.get(own.to);
    if (same === undefined) byTo.set(own.to, [own]);
    else same.push(own);
    byFrom.set(own.from, byTo);
  }
  return byFrom;
}

function parsePort(text: PortText): Port {
  if (typeof text === "number") return { number: text, protocol: "tcp" };
  return { number: Number.parseInt(text, 10), protocol: "udp" };
}
