import type { AzureType, Checking, Reference } from "../core/azure-type.ts";
import { judgeName, networkName } from "../core/names.ts";
import { ArmError } from "../core/problems.ts";
import { at, isMissing, list, text, texts } from "../core/values.ts";
import { formatBlock, overlap, parseBlock, type Block } from "./address.ts";
import { contains, isPrivateBlock, readBlock } from "./blocks.ts";
import { judgeSubnet, subnetParts, subnetRefusals, type NamedBlock } from "./subnet-rules.ts";
import { subnetOutputs, subnetsOf } from "./views.ts";

/** Microsoft.Network 2024-05-01, virtualNetwork.json. */
export const virtualNetwork: AzureType = {
  token: "azure-native:network:VirtualNetwork",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}",
  name: networkName(64, 2),
  takes: ["addressSpace", "enableDdosProtection", "enableVmProtection", "location", "subnets", "tags"],
  refuses: {
    "addressSpace.ipamPoolPrefixAllocations": "the lab has no address management",
    ...Object.fromEntries(Object.entries(subnetRefusals).map(([name, reason]) => [`subnets.${name}`, reason])),
  },
  idOnly: subnetParts.map((name) => `subnets.${name}`),
  replaces: ["location"],
  completes: ["subnets"],
  regional: true,
  effect: "network",
  inUseCode: "InUseSubnetCannotBeDeleted",
  check: checkNetwork,
  references: (inputs) =>
    list(inputs, "subnets").flatMap((subnet, index) => subnetReferences(subnet, `subnets[${String(index)}].`)),
  admit: ({ id, inputs }, state) => {
    const space = texts(inputs, "addressSpace", "addressPrefixes").map(parseBlock);
    const outside = subnetsOf({ id, inputs }, state).find(
      ({ block }) => !space.some((outer) => contains(outer, block)),
    );
    if (outside === undefined) return;
    const prefix = formatBlock(outside.block);
    throw new ArmError("NetcfgInvalidSubnet", `Subnet ${outside.name} has ${prefix}, outside of the new address space`);
  },
  outputs: ({ id, inputs }, state) => ({
    subnets: subnetsOf({ id, inputs }, state).map(subnetOutputs),
  }),
};

function checkNetwork({ inputs, problems }: Checking): void {
  if (at(inputs, "enableDdosProtection") === true) {
    problems.add("enableDdosProtection", "true", "false: the lab has no protection plan");
  }
  const space = addressSpace(inputs, problems);
  const known: NamedBlock[] = [];
  list(inputs, "subnets").forEach((subnet, index) => {
    const property = `subnets[${String(index)}]`;
    const name = text(subnet, "name");
    judgeName(subnet, `${property}.`, problems);
    if (isMissing(subnet, "addressPrefix")) problems.add(`${property}.addressPrefix`, "missing", "an IPv4 block");
    const block = judgeSubnet(subnet, `${property}.addressPrefix`, { space, others: known }, problems);
    if (block !== undefined) known.push({ name: name ?? property, block });
  });
}

function addressSpace(inputs: Checking["inputs"], problems: Checking["problems"]): readonly Block[] | undefined {
  const prefixes = texts(inputs, "addressSpace", "addressPrefixes");
  const written = at(inputs, "addressSpace", "addressPrefixes");
  if (isMissing(inputs, "addressSpace", "addressPrefixes") || (Array.isArray(written) && written.length === 0)) {
    problems.add("addressSpace.addressPrefixes", "empty", "at least one IPv4 block");
  }
  const blocks: Block[] = [];
  prefixes.forEach((prefix, index) => {
    const property = `addressSpace.addressPrefixes[${String(index)}]`;
    const block = readBlock(prefix, property, problems);
    if (block === undefined) return;
    if (!isPrivateBlock(block)) problems.add(property, prefix, "a private block (RFC 1918 or 100.64.0.0/10)");
    const clash = blocks.find((other) => overlap(other, block));
    if (clash) problems.add(property, prefix, `a block apart from ${formatBlock(clash)}`);
    blocks.push(block);
  });
  // Known as a whole, or not to be relied on.
  return blocks.length === list(inputs, "addressSpace", "addressPrefixes").length && blocks.length > 0
    ? blocks
    : undefined;
}

export function subnetReferences(subnet: unknown, at: string): readonly Reference[] {
  const group = text(subnet, "networkSecurityGroup", "id");
  const gateway = text(subnet, "natGateway", "id");
  return [
    ...(group === undefined
      ? []
      : [{ property: `${at}networkSecurityGroup.id`, id: group, type: "Microsoft.Network/networkSecurityGroups" }]),
    ...(gateway === undefined
      ? []
      : [{ property: `${at}natGateway.id`, id: gateway, type: "Microsoft.Network/natGateways" }]),
  ];
}
