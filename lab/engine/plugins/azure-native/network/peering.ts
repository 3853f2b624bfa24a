import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { parentOf, sameId } from "../core/ids.ts";
import { networkName } from "../core/names.ts";
import { ArmError } from "../core/problems.ts";
import { at, text, texts } from "../core/values.ts";
import { overlap, parseBlock } from "./address.ts";

const peeringType = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";

/** Microsoft.Network 2024-05-01, virtualNetwork.json. */
export const virtualNetworkPeering: AzureType = {
  token: "azure-native:network:VirtualNetworkPeering",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}",
  name: networkName(80),
  takes: [
    "allowForwardedTraffic",
    "allowGatewayTransit",
    "allowVirtualNetworkAccess",
    "name",
    "remoteVirtualNetwork",
    "useRemoteGateways",
  ],
  idOnly: ["remoteVirtualNetwork"],
  fixed: { "remoteVirtualNetwork.id": undefined },
  completes: ["peeringState"],
  effect: "network",
  check: checkPeering,
  references: (inputs) => {
    const id = text(inputs, "remoteVirtualNetwork", "id");
    return id === undefined
      ? []
      : [{ property: "remoteVirtualNetwork.id", id, type: "Microsoft.Network/virtualNetworks" }];
  },
  admit: admitPeering,
  outputs: ({ id, inputs }, state) => ({
    peeringState: counterpart(id, inputs, state) ? "Connected" : "Initiated",
    peeringSyncLevel: "FullyInSync",
  }),
};

function checkPeering({ inputs, id, problems }: Checking): void {
  if (inputs.remoteVirtualNetwork === undefined)
    problems.add("remoteVirtualNetwork.id", "missing", "the id of a network");
  for (const name of ["allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways"]) {
    if (at(inputs, name) === true)
      problems.add(name, "true", "false: the lab has no gateways, and forwards for nobody");
  }
  if (at(inputs, "allowVirtualNetworkAccess") === false) {
    problems.add("allowVirtualNetworkAccess", "false", "true: else the networks need not be peered");
  }
  const remote = text(inputs, "remoteVirtualNetwork", "id");
  if (id !== undefined && remote !== undefined && sameId(parentOf(id) ?? "", remote)) {
    problems.add("remoteVirtualNetwork.id", "the network itself", "another network");
  }
}

function admitPeering({ id, inputs }: Wanted, state: State): void {
  const local = state.find(parentOf(id) ?? "");
  const remote = state.find(text(inputs, "remoteVirtualNetwork", "id") ?? "");
  if (local === undefined || remote === undefined) return;
  const [own, other] = [local, remote].map((network) => texts(network.inputs, "addressSpace", "addressPrefixes"));
  const clash = own?.find((one) => other?.some((two) => overlap(parseBlock(one), parseBlock(two))));
  if (clash === undefined) return;
  throw new ArmError(
    "VnetAddressSpacesOverlap",
    `Cannot create or update peering ${id}: ${local.id} and ${remote.id} overlap in ${clash}`,
  );
}

/** A peering is in effect when the other network has one as well. */
function counterpart(id: string, inputs: Wanted["inputs"], state: State): boolean {
  const local = parentOf(id) ?? "";
  const remote = text(inputs, "remoteVirtualNetwork", "id") ?? "";
  return state
    .within(remote)
    .some(
      (entry) => entry.type === peeringType && sameId(text(entry.inputs, "remoteVirtualNetwork", "id") ?? "", local),
    );
}
