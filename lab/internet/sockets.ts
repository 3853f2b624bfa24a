import { readFile } from "node:fs/promises";
import ipaddr from "ipaddr.js";
import { destinations, internetAddresses, tcpPorts, udpPorts, webAddresses } from "./addresses.ts";
import { isVersion6 } from "./layout.ts";

type Protocol = "tcp" | "udp";

/** The kernel's number for a socket that listens; a bound UDP socket counts as closed. */
const listening = { tcp: "0A", udp: "07" } as const;

/** What listens in the network namespace of a process, each as `203.0.113.53 port 53/udp`. */
export async function socketsSeenBy(pid: number): Promise<ReadonlySet<string>> {
  const tables = (["tcp", "udp"] as const).flatMap((protocol) =>
    ["", "6"].map(async (family) => {
      // The table of the second family is absent where there is none; all are when the process has gone.
      const text = await readFile(`/proc/${String(pid)}/net/${protocol}${family}`, "utf8").catch(() => "");
      return parseSockets(text, protocol);
    }),
  );
  return new Set((await Promise.all(tables)).flat());
}

/** The listening sockets of `/proc/<pid>/net/{tcp,tcp6,udp,udp6}`. */
export function parseSockets(text: string, protocol: Protocol): string[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local, , state]) => {
      const [address, port] = local?.split(":") ?? [];
      if (address === undefined || port === undefined || state !== listening[protocol]) return [];
      return [socketName(readAddress(address), Number.parseInt(port, 16), protocol)];
    });
}

/** Every socket that the lab internet has when all its programs run. */
export function wantedSockets(version6: boolean): { readonly resolver: string[]; readonly server: string[] } {
  const usable = ({ address }: { readonly address: string }) => version6 || !isVersion6(address);
  const others = destinations.filter(usable);
  return {
    resolver: (["tcp", "udp"] as const).map((protocol) => socketName(internetAddresses.resolver, 53, protocol)),
    server: [
      ...[...webAddresses.filter(usable), ...others].flatMap(({ address }) =>
        tcpPorts.map((port) => socketName(address, port, "tcp")),
      ),
      ...others.flatMap(({ address }) => udpPorts.map((port) => socketName(address, port, "udp"))),
    ],
  };
}

function socketName(address: string, port: number, protocol: Protocol): string {
  return `${address} port ${String(port)}/${protocol}`;
}

// The kernel prints an address as numbers of four bytes each, lowest byte first.
function readAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, "hex").reverse()]);
  return ipaddr.fromByteArray(bytes).toString();
}
