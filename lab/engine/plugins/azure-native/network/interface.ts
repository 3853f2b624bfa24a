import { createHash } from "node:crypto";
import { isUnknown, type Properties } from "@garrison/helpers/pulumi/values.ts";
import type { AzureType, Checking, Wanted } from "../core/azure-type.ts";
import type { State } from "../core/state.ts";
import { sameId } from "../core/ids.ts";
import { normalLocation } from "../core/location.ts";
import { networkName } from "../core/names.ts";
import { ArmError, type Problems } from "../core/problems.ts";
import { at, isMissing, list, text } from "../core/values.ts";
import { formatBlock } from "./address.ts";
import { freeAddress, holds, isReserved } from "./blocks.ts";
import { findSubnet, networkOf, takenAddresses } from "./views.ts";

const noBalancers = "the lab has no load balancers and gateways";

/** Microsoft.Network 2024-05-01, networkInterface.json. */
export const networkInterface: AzureType = {
  token: "azure-native:network:NetworkInterface",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/networkInterfaces/{networkInterfaceName}",
  name: networkName(80),
  takes: ["enableAcceleratedNetworking", "ipConfigurations", "location", "networkSecurityGroup", "tags"],
  refuses: {
    "ipConfigurations.applicationGatewayBackendAddressPools": noBalancers,
    "ipConfigurations.applicationSecurityGroups": "the lab has no application security groups",
    "ipConfigurations.gatewayLoadBalancer": noBalancers,
    "ipConfigurations.loadBalancerBackendAddressPools": noBalancers,
    "ipConfigurations.loadBalancerInboundNatRules": noBalancers,
    "ipConfigurations.privateIPAddressPrefixLength": "an interface has one address here",
    "ipConfigurations.id": "it is made of the names",
    "ipConfigurations.type": "it is an answer of Azure",
    "ipConfigurations.virtualNetworkTaps": "the lab has no taps",
  },
  idOnly: ["ipConfigurations.publicIPAddress", "ipConfigurations.subnet", "networkSecurityGroup"],
  fixed: { location: "InvalidResourceLocation" },
  completes: ["ipConfigurations"],
  regional: true,
  effect: "network",
  inUseCode: "NicInUse",
  check: checkInterface,
  references: (inputs) => {
    const reference = (property: string, id: string | undefined, type: string) =>
      id === undefined ? [] : [{ property, id, type: `Microsoft.Network/${type}` }];
    const configurations = list(inputs, "ipConfigurations").flatMap((configuration, index) => {
      const at = `ipConfigurations[${String(index)}]`;
      return [
        ...reference(`${at}.subnet.id`, text(configuration, "subnet", "id"), "virtualNetworks/subnets"),
        ...reference(`${at}.publicIPAddress.id`, text(configuration, "publicIPAddress", "id"), "publicIPAddresses"),
      ];
    });
    const group = text(inputs, "networkSecurityGroup", "id");
    return [...configurations, ...reference("networkSecurityGroup.id", group, "networkSecurityGroups")];
  },
  admit: (wanted, state) => {
    refuseOtherRegion(wanted, state);
    for (const configuration of list(wanted.inputs, "ipConfigurations")) admitAddress(configuration, wanted, state);
  },
  outputs: ({ id, inputs, before }, state) => ({
    macAddress: macOf(id).toUpperCase().replaceAll(":", "-"),
    enableAcceleratedNetworking: at(inputs, "enableAcceleratedNetworking") ?? false,
    ipConfigurations: list(inputs, "ipConfigurations").map((configuration, index) => ({
      ...(configuration as Properties),
      id: `${id}/ipConfigurations/${text(configuration, "name") ?? ""}`,
      primary: true,
      privateIPAddressVersion: "IPv4",
      privateIPAllocationMethod: text(configuration, "privateIPAllocationMethod") ?? "Dynamic",
      privateIPAddress: addressOf(configuration, at(before?.outputs, "ipConfigurations", index), id, state),
      provisioningState: "Succeeded",
    })),
  }),
};

function checkInterface({ inputs, problems }: Checking): void {
  if (isUnknown(inputs.ipConfigurations)) return;
  const known = list(inputs, "ipConfigurations");
  if (known.length !== 1) {
    const expected = "one: a lab's machine has one address on a link";
    problems.add("ipConfigurations", `a list of ${String(known.length)}`, expected);
  }
  known.forEach((configuration, index) => {
    checkConfiguration(configuration, `ipConfigurations[${String(index)}]`, problems);
  });
}

function checkConfiguration(own: unknown, property: string, problems: Problems): void {
  if (isMissing(own, "name")) problems.add(`${property}.name`, "missing", "a name");
  if (isMissing(own, "subnet", "id")) problems.add(`${property}.subnet.id`, "missing", "the id of a subnet");
  if (at(own, "primary") === false) problems.add(`${property}.primary`, "false", "true, as there is no other");
  if (text(own, "privateIPAddressVersion") === "IPv6") {
    problems.add(`${property}.privateIPAddressVersion`, "IPv6", "IPv4: the lab's links have no other");
  }
  const method = text(own, "privateIPAllocationMethod");
  const isStatic = method === "Static";
  if (isStatic && isMissing(own, "privateIPAddress")) {
    problems.add(`${property}.privateIPAddress`, "missing", "an address, as the allocation method is Static");
  }
  const isDynamic = method === "Dynamic" || isMissing(own, "privateIPAllocationMethod");
  if (isDynamic && !isMissing(own, "privateIPAddress")) {
    problems.add(`${property}.privateIPAllocationMethod`, method ?? "missing", "Static, as an address is given");
  }
}

function refuseOtherRegion({ inputs }: Wanted, state: State): void {
  const own = text(inputs, "location") ?? "";
  for (const configuration of list(inputs, "ipConfigurations")) {
    const network = networkOf(text(configuration, "subnet", "id") ?? "", state);
    const other = text(network?.inputs, "location");
    if (other === undefined || normalLocation(other) === normalLocation(own)) continue;
    throw new ArmError("InvalidResourceReference", `location is ${own}; expected ${other}, where the network is`);
  }
}

function admitAddress(configuration: unknown, { id }: Wanted, state: State): void {
  const subnetId = text(configuration, "subnet", "id") ?? "";
  const subnet = findSubnet(subnetId, state);
  if (subnet === undefined) return;
  const prefix = formatBlock(subnet.block);
  const taken = takenAddresses(subnetId, state, id);
  const request = text(configuration, "privateIPAddress");
  if (request === undefined) {
    if (freeAddress(subnet.block, taken) === undefined)
      throw new ArmError(undefined, `${subnet.id} (${prefix}) is full`);
  } else if (!holds(subnet.block, request)) {
    throw new ArmError("PrivateIPAddressNotInSubnet", `${request} is outside of ${subnet.name}, which has ${prefix}`);
  } else if (isReserved(subnet.block, request)) {
    throw new ArmError(
      "PrivateIPAddressInReservedRange",
      `${request} is one of the five that Azure keeps of ${prefix}`,
    );
  } else if (taken.includes(request)) {
    throw new ArmError(undefined, `${request} of ${subnet.name} is taken`);
  }
  const address = text(configuration, "publicIPAddress", "id");
  if (address !== undefined) refuseSharedAddress(address, id, state);
}

function refuseSharedAddress(address: string, id: string, state: State): void {
  const holder = state.entries.find(
    (entry) =>
      !sameId(entry.id, id) &&
      [
        ...list(entry.inputs, "ipConfigurations").map((one) => text(one, "publicIPAddress", "id")),
        ...list(entry.inputs, "publicIpAddresses").map((one) => text(one, "id")),
      ].some((other) => other !== undefined && sameId(other, address)),
  );
  if (holder) throw new ArmError(undefined, `${address} is used by ${holder.id} already`);
}

/** The one it asks for, else the one it has, else the first free one. */
function addressOf(configuration: unknown, before: unknown, id: string, state: State): string | undefined {
  const request = text(configuration, "privateIPAddress");
  if (request !== undefined) return request;
  const subnetId = text(configuration, "subnet", "id") ?? "";
  const subnet = findSubnet(subnetId, state);
  if (subnet === undefined) return undefined;
  const taken = takenAddresses(subnetId, state, id);
  const had = text(before, "privateIPAddress");
  const keeps = had !== undefined && holds(subnet.block, had) && !taken.includes(had);
  return keeps ? had : freeAddress(subnet.block, taken);
}

/** In the range that Azure's machines have. */
export function macOf(id: string): string {
  const digits = createHash("sha256").update(id.toLowerCase()).digest("hex");
  return ["00", "0d", "3a", digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].join(":");
}
