import { host, parseBlock } from "#components/network/address.ts";
import type { NetworkFacts, SecurityRuleFact } from "#lab/fabric/fabric.ts";
import { azureBlock } from "#lab/fabric/places.ts";

/** A public address of the simulated Azure, by its last number. */
export function azureAddress(number: number): string {
  return host(parseBlock(azureBlock), number);
}

/** A rule that lets everything of a kind in, unless more is said. */
export function aRule(over: Partial<SecurityRuleFact>): SecurityRuleFact {
  return {
    name: "rule",
    priority: 100,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sources: ["*"],
    destinations: ["*"],
    sourcePorts: ["*"],
    destinationPorts: ["*"],
    ...over,
  };
}

/** Two networks: in the first a machine with a public address and one behind a NAT gateway, in the second one without a way out. */
export const someFacts: NetworkFacts = {
  networks: [
    {
      id: "/vnet-a",
      addressSpace: ["10.201.0.0/16"],
      peers: [],
      subnets: [
        { id: "/vnet-a/web", prefix: "10.201.1.0/24", securityGroup: "/nsg-web", defaultOutbound: false },
        { id: "/vnet-a/db", prefix: "10.201.2.0/24", natGateway: "/nat", defaultOutbound: false },
      ],
    },
    {
      id: "/vnet-b",
      addressSpace: ["10.202.0.0/16"],
      peers: [],
      subnets: [{ id: "/vnet-b/gpu", prefix: "10.202.1.0/24", defaultOutbound: false }],
    },
  ],
  securityGroups: [
    { id: "/nsg-web", rules: [aRule({ name: "ssh", destinationPorts: ["22"] })] },
    {
      id: "/nsg-nic",
      rules: [aRule({ name: "web", destinationPorts: ["80", "443", "400-500"], sources: ["10.0.0.0/8", "Internet"] })],
    },
  ],
  publicAddresses: [
    { id: "/ip-web", address: azureAddress(20) },
    { id: "/ip-nat", address: azureAddress(21) },
  ],
  natGateways: [{ id: "/nat", publicAddresses: ["/ip-nat"] }],
  interfaces: [
    {
      id: "/nic-web",
      subnet: "/vnet-a/web",
      address: "10.201.1.4",
      mac: "00:0d:3a:00:00:01",
      publicAddress: "/ip-web",
      securityGroup: "/nsg-nic",
    },
    { id: "/nic-db", subnet: "/vnet-a/db", address: "10.201.2.4", mac: "00:0d:3a:00:00:02" },
    { id: "/nic-gpu", subnet: "/vnet-b/gpu", address: "10.202.1.4", mac: "00:0d:3a:00:00:03" },
  ],
};

export const noFacts: NetworkFacts = {
  networks: [],
  securityGroups: [],
  publicAddresses: [],
  natGateways: [],
  interfaces: [],
};
