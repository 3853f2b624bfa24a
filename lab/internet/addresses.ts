import { host, parseBlock } from "#components/network/address.ts";
import { internetBlock } from "../fabric/places.ts";

const internet = parseBlock(internetBlock);

/**
 * The addresses that the lab internet owns. Public ones are from the blocks that are reserved for documentation, so a
 * packet that goes astray reaches nobody, and not from one that this host is in; metadata addresses are those of the clouds, because they are what is attacked.
 */
export const internetAddresses = {
  /** Resolves every public name to `web`. */
  resolver: host(internet, 53),
  /** Serves every site. */
  web: host(internet, 80),
  web6: "2001:db8:77::80",
  /** A public address that nobody has a reason to talk to: where stolen data would go. */
  canary: host(internet, 66),
  /** A neighbour in the operator's own network. */
  lan: "192.168.77.10",
  lan6: "fd00:77::10",
  /** The metadata service of most clouds. */
  metadata: "169.254.169.254",
  /** Azure's second one. */
  metadataAzure: "168.63.129.16",
} as const;

/** An address that answers with its own name, whatever it is told. */
export interface NamedAddress {
  readonly name: string;
  readonly address: string;
}

/** Answers HTTP on port 80, with a token that is none. */
export const metadataServices: readonly NamedAddress[] = [
  { name: "metadata", address: internetAddresses.metadata },
  { name: "metadata-azure", address: internetAddresses.metadataAzure },
];

/** Every address that has listeners on all of `tcpPorts` and `udpPorts`. */
export const destinations: readonly NamedAddress[] = [
  { name: "canary", address: internetAddresses.canary },
  { name: "lan", address: internetAddresses.lan },
  { name: "lan6", address: internetAddresses.lan6 },
  ...metadataServices,
];

/** SSH, DNS, web, proxy, Cloudflare's tunnel, and one that stands for any other. */
export const tcpPorts = [22, 53, 80, 443, 3128, 7844, 9999] as const;

/** DNS, Cloudflare's tunnel over QUIC, and one that stands for any other. */
export const udpPorts = [53, 7844, 9999] as const;

/** Where the web sites are served; the other ports of `tcpPorts` answer there as everywhere. */
export const webPorts = { http: 80, https: 443 } as const;

/** The second family, which a rule that was only written for the first forgets. */
export const webAddresses: readonly NamedAddress[] = [
  { name: "web", address: internetAddresses.web },
  { name: "web6", address: internetAddresses.web6 },
];
