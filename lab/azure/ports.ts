import { host, parseBlock } from "#components/network/address.ts";
import { defaultOutboundAddress } from "./addresses.ts";
import type {
  InterfaceFact,
  NetworkFacts,
  SecurityGroupFact,
  SubnetFact,
  VirtualNetworkFact,
} from "../fabric/fabric.ts";
import { bridgeOf } from "./layout.ts";

/** All that is decided about one interface. */
export interface Port {
  readonly address: string;
  readonly mac: string;
  readonly bridge: string;
  /** The host's address on the bridge. */
  readonly gateway: string;
  /** Position of its network among the facts. */
  readonly network: number;
  /** Positions of the groups that judge it, in the order in which what arrives meets them. */
  readonly groups: readonly number[];
  /** Leads to it. */
  readonly publicAddress?: string;
  /** Under which the internet sees what it sends; without one, it does not get out. */
  readonly egress?: string;
}

/** What is decided about each interface. @throws when an id leads nowhere, which the state does not let happen */
export function resolvePorts(lab: string, facts: NetworkFacts): readonly Port[] {
  return facts.interfaces.map((fact) => resolvePort(lab, facts, fact));
}

function resolvePort(lab: string, facts: NetworkFacts, fact: InterfaceFact): Port {
  const network = facts.networks.findIndex(({ subnets }) => subnets.some(({ id }) => id === fact.subnet));
  const subnet = facts.networks[network]?.subnets.find(({ id }) => id === fact.subnet);
  if (subnet === undefined) throw new Error(`${fact.id} is in ${fact.subnet}, which is not there`);
  const publicAddress = fact.publicAddress === undefined ? undefined : publicAddressOf(facts, fact.publicAddress);
  const egress = publicAddress ?? egressOf(facts, subnet);
  return {
    address: fact.address,
    mac: fact.mac,
    bridge: bridgeOf(lab, subnet).name,
    gateway: host(parseBlock(subnet.prefix), 1),
    network,
    groups: [subnet.securityGroup, fact.securityGroup].filter((id) => id !== undefined).map((id) => groupOf(facts, id)),
    ...(publicAddress === undefined ? {} : { publicAddress }),
    ...(egress === undefined ? {} : { egress }),
  };
}

function egressOf(facts: NetworkFacts, { natGateway, defaultOutbound }: SubnetFact): string | undefined {
  const gateway = facts.natGateways.find(({ id }) => id === natGateway);
  const [address] = gateway?.publicAddresses ?? [];
  if (address !== undefined) return publicAddressOf(facts, address);
  return defaultOutbound ? defaultOutboundAddress : undefined;
}

function publicAddressOf({ publicAddresses }: NetworkFacts, wanted: string): string {
  const found = publicAddresses.find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`the public address ${wanted} is not there`);
  return found.address;
}

function groupOf({ securityGroups }: NetworkFacts, wanted: string): number {
  const found = securityGroups.findIndex(({ id }: SecurityGroupFact) => id === wanted);
  if (found === -1) throw new Error(`the security group ${wanted} is not there`);
  return found;
}

/** The address space that is the tag VirtualNetwork in a network: its own, and that of its peers. */
export function reachableSpace({ networks }: NetworkFacts, own: VirtualNetworkFact): readonly string[] {
  const peers = networks.filter(({ id, peers: theirs }) => own.peers.includes(id) && theirs.includes(own.id));
  return [own, ...peers].flatMap(({ addressSpace }) => addressSpace);
}
