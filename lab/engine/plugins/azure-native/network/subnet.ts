import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { parentOf, sameId } from "../core/ids.ts";
import { networkName } from "../core/names.ts";
import { ArmError } from "../core/problems.ts";
import { list, text, texts } from "../core/values.ts";
import { formatBlock, isCidr, overlap, parseBlock, type Block } from "./address.ts";
import { contains } from "./blocks.ts";
import { judgeSubnet, subnetParts, subnetRefusals, type NamedBlock } from "./subnet-rules.ts";
import { networkOf, subnetsOf } from "./views.ts";
import { subnetReferences } from "./virtual-network.ts";

const token = "azure-native:network:Subnet";

/** Microsoft.Network 2024-05-01, virtualNetwork.json. */
export const subnet: AzureType = {
  token,
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
  name: networkName(80),
  takes: [
    "addressPrefix",
    "defaultOutboundAccess",
    "name",
    "natGateway",
    "networkSecurityGroup",
    // The SDK sets both, and without private endpoints neither means anything.
    "privateEndpointNetworkPolicies",
    "privateLinkServiceNetworkPolicies",
  ],
  refuses: subnetRefusals,
  idOnly: subnetParts,
  fixed: { defaultOutboundAccess: undefined },
  effect: "network",
  inUseCode: "InUseSubnetCannotBeDeleted",
  check: checkSubnet,
  references: (inputs) => subnetReferences(inputs, ""),
  admit,
};

function checkSubnet({ inputs, id, problems, plan }: Checking): void {
  if (inputs.addressPrefix === undefined)
    problems.add("addressPrefix", "missing", "an IPv4 block such as 10.20.1.0/24");
  const parent = id === undefined ? undefined : parentOf(id);
  const network = parent === undefined ? undefined : plan.find(parent);
  if (list(network?.inputs, "subnets").length > 0) {
    const expected = "a network that lists no subnets itself: with its next change it would remove this one";
    problems.add("virtualNetworkName", JSON.stringify(text(inputs, "virtualNetworkName")), expected);
  }
  const space = network && readable(list(network.inputs, "addressSpace", "addressPrefixes"));
  const others = parent === undefined ? [] : plan.parts(parent, token, id ?? "");
  judgeSubnet(
    inputs,
    "addressPrefix",
    { space, others: others.flatMap(({ id: other, inputs: its }) => named(other, its)) },
    problems,
  );
}

/** Undefined when one of them is not known or cannot be read: that is told where it is written. */
function readable(prefixes: readonly unknown[]): readonly Block[] | undefined {
  const blocks = prefixes.filter((prefix) => typeof prefix === "string" && isCidr(prefix)) as string[];
  return blocks.length === prefixes.length && blocks.length > 0 ? blocks.map(parseBlock) : undefined;
}

function named(id: string, inputs: Checking["inputs"]): NamedBlock[] {
  const [block] = readable([text(inputs, "addressPrefix") ?? ""]) ?? [];
  return block === undefined ? [] : [{ name: id.split("/").at(-1) ?? id, block }];
}

function admit({ id, inputs }: Wanted, state: State): void {
  const network = networkOf(id, state);
  if (network === undefined) return;
  if (list(network.inputs, "subnets").length > 0) {
    throw new ArmError(
      undefined,
      `${network.id} lists its subnets itself, and would remove ${id} with its next change`,
    );
  }
  const prefix = text(inputs, "addressPrefix") ?? "";
  const block = parseBlock(prefix);
  const space = texts(network.inputs, "addressSpace", "addressPrefixes").map(parseBlock);
  if (!space.some((outer) => contains(outer, block))) {
    throw new ArmError("NetcfgInvalidSubnet", `Subnet ${prefix} is outside of ${space.map(formatBlock).join(", ")}`);
  }
  const clash = subnetsOf(network, state).find((other) => !sameId(other.id, id) && overlap(other.block, block));
  if (clash) {
    throw new ArmError(
      "NetcfgSubnetRangesOverlap",
      `Subnet ${prefix} overlaps ${clash.name}, which has ${formatBlock(clash.block)}`,
    );
  }
}
