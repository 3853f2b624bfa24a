/** Tells the fabric what the state knows about the network. */
import type {
  InterfaceFact,
  NetworkFacts,
  SecurityRuleFact,
  SubnetFact,
  VirtualNetworkFact,
} from "@garrison/fabric/fabric.ts";
import type { Entry, State } from "../core/state.ts";
import { at, list, number, text, texts } from "../core/values.ts";
import { formatBlock } from "../network/address.ts";
import { macOf } from "../network/interface.ts";
import { valuesOf } from "../network/rule-checks.ts";
import { rulesOf, subnetsOf, type SubnetView } from "../network/views.ts";

export function networkFacts(state: State): NetworkFacts {
  const ofType = (type: string) => state.ofType(`Microsoft.Network/${type}`);
  return {
    networks: ofType("virtualNetworks").map((network) => networkFact(network, state)),
    securityGroups: ofType("networkSecurityGroups").map((group) => ({
      id: key(group.id),
      rules: rulesOf(group, state).map(ruleFact),
    })),
    publicAddresses: ofType("publicIPAddresses").map(({ id, outputs }) => ({
      id: key(id),
      address: text(outputs, "ipAddress") ?? "",
    })),
    natGateways: ofType("natGateways").map(({ id, inputs }) => ({
      id: key(id),
      publicAddresses: list(inputs, "publicIpAddresses").flatMap((address) => optionalKey(text(address, "id"))),
    })),
    interfaces: ofType("networkInterfaces").flatMap(interfaceFact),
  };
}

function networkFact(network: Entry, state: State): VirtualNetworkFact {
  const peerings = state
    .within(network.id)
    .filter(({ type }) => type === "Microsoft.Network/virtualNetworks/virtualNetworkPeerings");
  return {
    id: key(network.id),
    addressSpace: texts(network.inputs, "addressSpace", "addressPrefixes"),
    subnets: subnetsOf(network, state).map(subnetFact),
    peers: peerings.flatMap(({ inputs }) => optionalKey(text(inputs, "remoteVirtualNetwork", "id"))),
  };
}

function subnetFact({ id, block, properties }: SubnetView): SubnetFact {
  const group = text(properties, "networkSecurityGroup", "id");
  const gateway = text(properties, "natGateway", "id");
  return {
    id: key(id),
    prefix: formatBlock(block),
    // Azure's own default, until it is turned off.
    defaultOutbound: at(properties, "defaultOutboundAccess") !== false,
    ...(group === undefined ? {} : { securityGroup: key(group) }),
    ...(gateway === undefined ? {} : { natGateway: key(gateway) }),
  };
}

function ruleFact(rule: unknown): SecurityRuleFact {
  return {
    name: text(rule, "name") ?? "",
    priority: number(rule, "priority") ?? 0,
    direction: text(rule, "direction") as SecurityRuleFact["direction"],
    access: text(rule, "access") as SecurityRuleFact["access"],
    protocol: text(rule, "protocol") as SecurityRuleFact["protocol"],
    sources: valuesOf(rule, "sourceAddressPrefix"),
    sourcePorts: valuesOf(rule, "sourcePortRange"),
    destinations: valuesOf(rule, "destinationAddressPrefix"),
    destinationPorts: valuesOf(rule, "destinationPortRange"),
  };
}

function interfaceFact({ id, inputs, outputs }: Entry): InterfaceFact[] {
  const group = text(inputs, "networkSecurityGroup", "id");
  return list(outputs, "ipConfigurations").map((configuration) => {
    const publicAddress = text(configuration, "publicIPAddress", "id");
    return {
      id: key(id),
      subnet: key(text(configuration, "subnet", "id") ?? ""),
      address: text(configuration, "privateIPAddress") ?? "",
      mac: macOf(id),
      ...(publicAddress === undefined ? {} : { publicAddress: key(publicAddress) }),
      ...(group === undefined ? {} : { securityGroup: key(group) }),
    };
  });
}

function key(id: string): string {
  return id.toLowerCase();
}

function optionalKey(id: string | undefined): string[] {
  return id === undefined ? [] : [key(id)];
}
