/** A port or a range of ports of a container, and where it is open on the machine. */
export interface PublishedPort {
  /** In the container: a port, or a range such as `"40000-40010"`. */
  readonly internal: number | string;
  /** On the machine: a port, or a range as long. @default internal */
  readonly external?: number | string;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp" | "sctp";
  /** An address of the machine. @default publishAddress */
  readonly ip?: string;
}

/** One port, in the provider's words. */
export interface OpenedPort {
  readonly internal: number;
  readonly external: number;
  readonly ip: string;
  readonly protocol: string;
}

interface Published {
  readonly publishes?: readonly (number | PublishedPort)[];
  readonly publishAddress?: string;
}

/** Every published port by itself; none of an entry that is no port or range, or whose two ranges differ in length. */
export function openedPorts({ publishes = [], publishAddress = "127.0.0.1" }: Published): OpenedPort[] {
  return publishes.flatMap((entry) => {
    const { internal, external = internal, protocol = "tcp", ip = publishAddress } = published(entry);
    const [inside, outside] = [portsOf(internal), portsOf(external)];
    if (inside.length !== outside.length) return [];
    return inside.map((port, index) => ({ internal: port, external: outside[index] ?? port, ip, protocol }));
  });
}

export function published(entry: number | PublishedPort): PublishedPort {
  return typeof entry === "number" ? { internal: entry } : entry;
}

/** The ports of a range, of which there are none in what is no range. */
export function portsOf(range: number | string): number[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(range));
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? first);
  if (!(first >= 1 && last >= first && last <= 65_535)) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
