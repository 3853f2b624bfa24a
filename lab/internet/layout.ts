import { existsSync } from "node:fs";
import ipaddr from "ipaddr.js";
import { formatBlock, host, parseBlock, subnet } from "#components/network/address.ts";
import type { EstateFacts } from "../estate/facts.ts";
import { internetAddresses } from "./addresses.ts";

/** What the lab internet has to know of its estate. */
export type InternetEstate = Pick<EstateFacts, "id" | "network">;

/** A rule of the kernel's policy routing, as `ip rule` names its parts. */
export interface RoutingRule {
  readonly priority: number;
  /** A block, or `all`. */
  readonly from: string;
  readonly to?: string;
  readonly table: string;
}

/** Both ends of the cable between host and lab internet. */
interface Ends {
  readonly host: string;
  readonly inside: string;
}

/** Names, numbers and addresses of one estate's lab internet. All follow from its id and block. */
export interface InternetLayout {
  readonly namespace: string;
  /** The host's end of the cable; at most 15 characters, as the kernel wants it. */
  readonly hostLink: string;
  readonly insideLink: string;
  /** The estate's containers: only what they send leads into the lab internet. */
  readonly block: string;
  readonly ends: Ends;
  /** Left out where the machine has no IPv6: it can be compiled out or switched off at boot. */
  readonly ends6?: Ends;
  readonly table: number;
  readonly rules: readonly RoutingRule[];
  /** The addresses that the namespace owns, without its end of the cable. */
  readonly addresses: readonly string[];
}

/** The kernel's number for the group of links in which the host's ends of all cables are: rules of others name them by it. */
export const cableGroup = 7277;

const firstTable = 20_000;
/** The rules of all estates that keep a block's inner traffic on the host come before any that lead out of it. */
/** What somebody inside sends is no container's, although his address is of the estate's block. */
const firstFromInside = 20_500;
const firstWayOut = 21_000;
/** What others answer to somebody inside comes last: it takes nothing from the estate's own packets. */
const firstWayIn = 22_000;
const cablePrefix = 30;

/**
 * Lays out an estate's lab internet. The cable has the last /30 of the estate's block, which no container network is
 * given: the block's largest network number is never reached.
 */
export function layOutInternet({ id, network }: InternetEstate, version6 = hasVersion6()): InternetLayout {
  const block = parseBlock(network);
  const cable = subnet(block, cablePrefix, 2 ** (cablePrefix - block.prefix) - 1);
  const octet = ipaddr.IPv4.parse(host(block, 0)).octets[1] ?? 0;
  const table = firstTable + octet;
  const ends = { host: host(cable, 1), inside: host(cable, 2) };
  return {
    namespace: `garrison-${id}`,
    hostLink: `${id}-inet`,
    insideLink: "inet0",
    block: formatBlock(block),
    ends,
    ...(version6
      ? { ends6: { host: `fd00:77:${octet.toString(16)}::1`, inside: `fd00:77:${octet.toString(16)}::2` } }
      : {}),
    table,
    rules: [
      { priority: firstTable + octet, from: network, to: network, table: "main" },
      { priority: firstFromInside + octet, from: `${ends.inside}/32`, table: "main" },
      { priority: firstWayOut + octet, from: network, table: String(table) },
      { priority: firstWayIn + octet, from: "all", to: `${ends.inside}/32`, table: String(table) },
    ],
    addresses: Object.values(internetAddresses).filter((address) => version6 || !isVersion6(address)),
  };
}

/** The block whose cable has this address at the host's end. */
export function blockOfHostEnd(address: string): string {
  const [first = 0, second = 0] = ipaddr.IPv4.parse(address).octets;
  return `${String(first)}.${String(second)}.0.0/16`;
}

/** Whether this machine has IPv6 at all. */
export function hasVersion6(): boolean {
  return existsSync("/proc/sys/net/ipv6");
}

/** Whether an address is of the second family. */
export function isVersion6(address: string): boolean {
  return ipaddr.IPv6.isValid(address);
}
