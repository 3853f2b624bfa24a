import { expect, test } from "vitest";

import { rule } from "#policies/rules/azure/public-ip.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const vm = (vmSize: string, id: string) => ({
  type: "azure-native:compute:VirtualMachine",
  name: "vm",
  properties: { hardwareProfile: { vmSize }, networkProfile: { networkInterfaces: [{ id }] } },
});
const nic = (properties: object) => ({
  type: "azure-native:network/v20240101:NetworkInterface",
  name: "nic",
  properties: { ...properties, ipConfigurations: [{ publicIPAddress: { id: "x" } }] },
});
const id = "/subscriptions/1/resourceGroups/G/providers/Microsoft.Network/networkInterfaces/Nic";

test.each([
  ["Standard_NC24ads_A100_v4", 1],
  ["standard_nv36ads_A10_v5", 1],
  ["Standard_ND96isr_H100_v5", 1],
  ["Standard_F16s_v2", 0],
  ["Standard_D16ls_v5", 0],
])("%s: %i", (size, count) => {
  expect(findings(rule, [vm(size, id), nic({ networkInterfaceName: "nic" })])).toHaveLength(count);
});

test.each([
  [{ id }, 1],
  [{ name: "nic", __inputs: { resourceGroupName: "g" } }, 1],
  [{ name: "nic", __inputs: { resourceGroupName: "other" } }, 0],
  [{ networkInterfaceName: "other" }, 0],
])("the interface is found by %j: %i", (properties, count) => {
  expect(findings(rule, [vm("Standard_NC6", id), nic(properties)])).toHaveLength(count);
});

test("an unknown interface is judged later", () => {
  const { verdicts, unknown } = run(rule, [vm("Standard_NC6", UNKNOWN), nic({ networkInterfaceName: "nic" })]);
  expect(verdicts).toEqual([]);
  expect(unknown).toContain("networkProfile.networkInterfaces.0.id");
});
