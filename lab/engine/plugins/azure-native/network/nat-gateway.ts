import type { AzureType } from "../core/azure-type.ts";
import { networkName } from "../core/names.ts";
import { list, number, text } from "../core/values.ts";

/** Microsoft.Network 2024-05-01, natGateway.json. */
export const natGateway: AzureType = {
  token: "azure-native:network:NatGateway",
  idTemplate:
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/natGateways/{natGatewayName}",
  name: networkName(80),
  takes: ["idleTimeoutInMinutes", "location", "publicIpAddresses", "sku", "tags", "zones"],
  idOnly: ["publicIpAddresses"],
  fixed: { location: "InvalidResourceLocation", zones: undefined },
  regional: true,
  effect: "network",
  check: ({ inputs, problems }) => {
    if (inputs.sku === undefined) problems.add("sku.name", "missing", "Standard");
    const idle = number(inputs, "idleTimeoutInMinutes");
    if (idle !== undefined && (idle < 4 || idle > 120)) problems.add("idleTimeoutInMinutes", String(idle), "4 to 120");
    if (list(inputs, "zones").length > 1) problems.add("zones", "several", "one zone, or none");
    if (inputs.publicIpAddresses === undefined) {
      problems.add("publicIpAddresses", "missing", "at least one: without an address nothing gets out");
    }
  },
  references: (inputs) =>
    list(inputs, "publicIpAddresses").flatMap((address, index) => {
      const id = text(address, "id");
      const property = `publicIpAddresses[${String(index)}].id`;
      return id === undefined ? [] : [{ property, id, type: "Microsoft.Network/publicIPAddresses" }];
    }),
};
