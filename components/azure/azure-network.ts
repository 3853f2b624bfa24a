import { NatGateway } from "@pulumi/azure-native/network/natGateway.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import type { network as inputs } from "@pulumi/azure-native/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { publicAddress } from "./public-address.ts";
import type { AzureNetworkPlan, PlannedRule, PlannedSubnet } from "./plan-network.ts";

export interface AzureNetworkArgs {
  readonly plan: AzureNetworkPlan;
  readonly resourceGroup: pulumi.Input<string>;
  /** Azure's name of the region: `westeurope`. */
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A virtual network with its subnets. In front of each is a security group that lets in what its openings say and
 * nothing else, also from the network itself. No machine gets out by default: it has a public address, or the subnet a
 * NAT gateway.
 */
export class AzureNetwork extends pulumi.ComponentResource {
  /** Ids of the subnets by name. */
  readonly subnets: ReadonlyMap<string, pulumi.Output<string>>;
  readonly networkId: pulumi.Output<string>;
  /** Address from which machines behind the NAT gateway are seen; undefined without one. */
  readonly outwardAddress: pulumi.Output<string | undefined> | undefined;

  constructor(name: string, args: AzureNetworkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("garrison:azure:AzureNetwork", name, {}, opts);
    const { plan } = args;
    const place = {
      resourceGroupName: args.resourceGroup,
      location: args.location,
      ...(args.tags && { tags: args.tags }),
    };
    const within = { parent: this };

    const network = new VirtualNetwork(
      name,
      { ...place, virtualNetworkName: name, addressSpace: { addressPrefixes: [plan.block] } },
      within,
    );
    const nat = plan.subnets.some((subnet) => subnet.nat) ? natGateway(name, place, within) : undefined;
    const groups = new Map(plan.subnets.map((subnet) => [subnet.name, securityGroup(name, subnet, place, within)]));

    const subnets = new Map<string, pulumi.Output<string>>();
    let before: Subnet | undefined;
    for (const { name: own, block, nat: outward } of plan.subnets) {
      before = new Subnet(
        `${name}-${own}`,
        {
          resourceGroupName: args.resourceGroup,
          virtualNetworkName: network.name,
          subnetName: own,
          addressPrefix: block,
          defaultOutboundAccess: false,
          networkSecurityGroup: { id: groups.get(own)?.id },
          ...(outward && nat && { natGateway: { id: nat.gateway.id } }),
        },
        // Azure refuses a change of a network while another one is under way.
        { ...within, ...(before && { dependsOn: before }) },
      );
      subnets.set(own, before.id);
    }
    this.subnets = subnets;
    this.networkId = network.id;
    this.outwardAddress = nat?.address.ipAddress;
    this.registerOutputs({ networkId: network.id, block: plan.block });
  }
}

interface Place {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: string;
}

function natGateway(name: string, place: Place, opts: pulumi.CustomResourceOptions) {
  const address = publicAddress(`${name}-nat-address`, { ...place, publicIpAddressName: `${name}-nat` }, opts);
  const gateway = new NatGateway(
    `${name}-nat`,
    { ...place, natGatewayName: `${name}-nat`, sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }] },
    opts,
  );
  return { address, gateway };
}

function securityGroup(
  name: string,
  subnet: PlannedSubnet,
  place: Place,
  opts: pulumi.CustomResourceOptions,
): NetworkSecurityGroup {
  const own = `${name}-${subnet.name}-rules`;
  return new NetworkSecurityGroup(
    own,
    { ...place, networkSecurityGroupName: own, securityRules: subnet.rules.map(securityRule) },
    opts,
  );
}

function securityRule(rule: PlannedRule): inputs.SecurityRuleArgs {
  const { name, priority, access, protocol, sources, everyone, ports, description } = rule;
  const [port = "*", ...more] = ports;
  return {
    name,
    priority,
    access,
    protocol,
    description,
    direction: "Inbound",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    ...(everyone === undefined ? { sourceAddressPrefixes: [...sources] } : { sourceAddressPrefix: everyone }),
    ...(more.length === 0 ? { destinationPortRange: port } : { destinationPortRanges: [...ports] }),
  };
}
