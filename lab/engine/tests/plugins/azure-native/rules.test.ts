import { unknownValue, type Properties } from "@garrison/helpers/pulumi/values.ts";
import { describe, expect, test } from "vitest";
import { azureSchema } from "#plugins/azure-native/core/schema.ts";
import { azureNativeProvider } from "#plugins/azure-native/provider.ts";
import { asked } from "#tests/provider/calls.ts";
import { good, groupId, subscription } from "./subscription.ts";

const provider = () => azureNativeProvider({ openFabric: () => Promise.reject(new Error("a check touches no host")) });

/** What Check says about inputs, in its own words without the type. */
function told(type: string, inputs: Properties): string[] {
  const place = hasPlace(type) ? { location: "westeurope" } : {};
  const failures = asked(provider(), `azure-native:${type}`).check({ ...place, ...inputs });
  return failures.map(({ reason }) => reason.replace(/^azure-native\.\w+\.\w+\./, ""));
}

function hasPlace(type: string): boolean {
  return "location" in (azureSchema.resources[`azure-native:${type}`]?.inputs ?? {});
}

/** Inputs with one value at a path; without one, the value is taken away. */
function edited(inputs: Properties, path: string, value?: unknown): Properties {
  const copy = structuredClone(inputs);
  const keys = path.split(".");
  const holder = keys.slice(0, -1).reduce<Properties>((part, key) => part[key] as Properties, copy);
  const last = keys.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return copy;
}

const unlocated = { location: unknownValue };
const rules = { ...good.rules, securityRules: [good.rule] };
const vault = {
  resourceGroupName: "g",
  vaultName: "estate-keys",
  properties: { tenantId: "00000000-0000-4000-8000-000000000002", sku: { family: "A", name: "standard" } },
};
const account = {
  resourceGroupName: "g",
  accountName: "estatebackup",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
};
const budget = {
  scope: subscription,
  budgetName: "monthly",
  amount: 100,
  category: "Cost",
  timeGrain: "Monthly",
  timePeriod: { startDate: "2026-12-01T00:00:00Z" },
  notifications: {
    half: { enabled: true, operator: "GreaterThan", threshold: 50, contactEmails: ["operator@example.org"] },
  },
};
const extension = {
  resourceGroupName: "g",
  vmName: "gpu",
  vmExtensionName: "driver",
  publisher: "Microsoft.HpcCompute",
  type: "NvidiaGpuDriverLinux",
  typeHandlerVersion: "1.9",
};
const role = {
  scope: groupId,
  principalId: "00000000-0000-4000-8000-000000000004",
  roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c`,
};
const gateway = { resourceGroupName: "g", sku: { name: "Standard" }, publicIpAddresses: [{ id: "/a" }] };

test("what is in order is not found fault with", () => {
  expect(told("resources:ResourceGroup", { resourceGroupName: "g" })).toEqual([]);
  expect(told("network:VirtualNetwork", good.network)).toEqual([]);
  expect(told("network:NetworkSecurityGroup", rules)).toEqual([]);
  expect(told("network:PublicIPAddress", good.address)).toEqual([]);
  expect(told("network:NetworkInterface", good.nic)).toEqual([]);
  expect(told("network:NatGateway", gateway)).toEqual([]);
  expect(told("compute:Disk", good.disk)).toEqual([]);
  expect(told("compute:VirtualMachine", good.machine)).toEqual([]);
  expect(told("compute:VirtualMachineExtension", extension)).toEqual([]);
  expect(told("keyvault:Vault", vault)).toEqual([]);
  expect(told("storage:StorageAccount", account)).toEqual([]);
  expect(told("network:Subnet", good.subnet)).toEqual([]);
  expect(told("consumption:Budget", budget)).toEqual([]);
  expect(told("authorization:RoleAssignment", role)).toEqual([]);
  expect(told("authorization:ManagementLockByScope", { scope: groupId, level: "ReadOnly" })).toEqual([]);
});

/** Type, inputs in order, the path of what is changed in them and to what, and what is told. */
const wrong: [string, Properties, string, unknown, string][] = [
  ["resources:ResourceGroup", {}, "resourceGroupName", "ends.", '"ends."; expected 1 to 90 letters'],
  ["network:VirtualNetwork", good.network, "virtualNetworkName", "n", '"n"; expected 2 to 64 letters'],
  [
    "network:VirtualNetwork",
    good.network,
    "addressSpace.addressPrefixes",
    ["10.20.0.1/16"],
    "begins with its own network address: 10.20.0.0/16",
  ],
  [
    "network:VirtualNetwork",
    good.network,
    "addressSpace.addressPrefixes",
    ["198.51.100.0/24"],
    "expected a private block",
  ],
  [
    "network:VirtualNetwork",
    good.network,
    "addressSpace.addressPrefixes",
    ["10.0.0.0/8", "10.1.0.0/16"],
    "apart from 10.0.0.0/8",
  ],
  ["network:VirtualNetwork", good.network, "addressSpace.addressPrefixes", [], "addressSpace.addressPrefixes is empty"],
  [
    "network:VirtualNetwork",
    good.network,
    "subnets",
    [{ name: "a", addressPrefix: "10.21.0.0/24" }],
    "inside its network's address space",
  ],
  [
    "network:VirtualNetwork",
    good.network,
    "subnets",
    [
      { name: "a", addressPrefix: "10.20.0.0/24" },
      { name: "b", addressPrefix: "10.20.0.0/25" },
    ],
    "apart from a, which has 10.20.0.0/24",
  ],
  [
    "network:VirtualNetwork",
    good.network,
    "dhcpOptions",
    { dnsServers: [] },
    "dhcpOptions is not implemented by the lab plugin",
  ],
  ["network:Subnet", good.subnet, "addressPrefix", "10.20.1.0/30", "a /29 or larger"],
  ["network:Subnet", good.subnet, "routeTable", { id: "/t" }, "routeTable is not implemented"],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.priority",
    99,
    "priority is 99; expected a whole number from 100 to 4096",
  ],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.priority", undefined, "priority is missing"],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.destinationPortRange",
    "443-80",
    '"443-80"; expected a port',
  ],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.destinationPortRange", "65536", '"65536"; expected a port'],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.sourceAddressPrefix",
    "10.0.0.1/8",
    '"10.0.0.1/8"; expected an IPv4 address',
  ],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.sourceAddressPrefix",
    "Storage",
    '"Storage"; expected an IPv4 address',
  ],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.sourceAddressPrefixes",
    ["10.0.0.0/8"],
    "set beside sourceAddressPrefix",
  ],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.name", "Git over SSH", '"Git over SSH"; expected 1 to 80'],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules.0.name",
    "Allow-GatewayManager (Internal)",
    "letters, digits, underscores",
  ],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.name", "-ssh", '"-ssh"; expected 1 to 80'],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.name", "x".repeat(81), "1 to 80 letters"],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.name", undefined, "name is missing"],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.protocol", "Esp", "the lab has no IPsec"],
  ["network:NetworkSecurityGroup", rules, "securityRules.0.access", "Maybe", 'expected one of "Allow", "Deny"'],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules",
    [good.rule, { ...good.rule, name: "two" }],
    "securityRules[1].priority is 100, as of ssh",
  ],
  [
    "network:NetworkSecurityGroup",
    rules,
    "securityRules",
    [good.rule, { ...good.rule, priority: 101 }],
    "a name that no other rule of the group has",
  ],
  ["network:PublicIPAddress", good.address, "sku", undefined, "sku.name is Basic"],
  ["network:PublicIPAddress", good.address, "publicIPAllocationMethod", "Dynamic", "expected Static"],
  ["network:PublicIPAddress", good.address, "publicIPAddressVersion", "IPv6", "expected IPv4"],
  ["network:NatGateway", gateway, "sku", undefined, "sku.name is missing"],
  ["network:NatGateway", gateway, "publicIpAddresses", undefined, "without an address nothing gets out"],
  ["network:NetworkInterface", good.nic, "ipConfigurations", [], "ipConfigurations is a list of 0"],
  [
    "network:NetworkInterface",
    good.nic,
    "ipConfigurations.0.privateIPAddress",
    "10.20.1.4",
    "expected Static, as an address is given",
  ],
  ["network:NetworkInterface", good.nic, "ipConfigurations.0.subnet", undefined, "subnet.id is missing"],
  ["compute:Disk", good.disk, "diskSizeGB", undefined, "diskSizeGB is missing"],
  ["compute:Disk", good.disk, "creationData.createOption", "Copy", "the lab makes no other disks"],
  ["compute:VirtualMachine", good.machine, "vmName", "web_1", "1 to 64 letters, digits and hyphens"],
  [
    "compute:VirtualMachine",
    good.machine,
    "hardwareProfile.vmSize",
    "Standard_Z1",
    "one of the sizes that the lab knows",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "osProfile.adminUsername",
    "admin",
    "a name that Azure does not keep for itself",
  ],
  ["compute:VirtualMachine", good.machine, "osProfile.adminPassword", "Secret.123", "admit keys only"],
  [
    "compute:VirtualMachine",
    good.machine,
    "osProfile.customData",
    Buffer.alloc(65_536).toString("base64"),
    "65536 bytes when decoded; expected at most 65535",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "osProfile.linuxConfiguration.ssh.publicKeys.0.path",
    "/root/.ssh/authorized_keys",
    "expected /home/keeper/.ssh/authorized_keys",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "osProfile.linuxConfiguration.ssh.publicKeys.0.keyData",
    "ssh-dss AAAA",
    "a public key of type",
  ],
  ["compute:VirtualMachine", good.machine, "storageProfile.osDisk.diskSizeGB", 29, "a whole number from 30"],
  [
    "compute:VirtualMachine",
    good.machine,
    "storageProfile.imageReference.version",
    undefined,
    "imageReference.version is missing",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "storageProfile.dataDisks",
    [disk(0), disk(0)],
    "a number that no other disk of the machine has",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "storageProfile.dataDisks",
    [disk(4)],
    "lun is 4; expected a number from 0 to 3",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "storageProfile.dataDisks",
    [0, 1, 2, 3, 0].map(disk),
    "at most 4 with Standard_B2s",
  ],
  [
    "compute:VirtualMachine",
    good.machine,
    "securityProfile",
    { uefiSettings: { vTpmEnabled: true } },
    "TrustedLaunch, as uefiSettings are given",
  ],
  [
    "compute:VirtualMachine",
    { ...good.machine, hardwareProfile: { vmSize: "Standard_NC24ads_A100_v4" } },
    "storageProfile.imageReference.sku",
    "server-gen1",
    "an image of generation 2, as Standard_NC24ads_A100_v4 needs",
  ],
  ["compute:VirtualMachineExtension", extension, "type", "CustomScript", "the lab runs no other"],
  ["keyvault:Vault", vault, "vaultName", "1keys", "beginning with a letter"],
  ["keyvault:Vault", vault, "vaultName", "a--b", "single hyphens"],
  ["keyvault:Vault", vault, "properties.softDeleteRetentionInDays", 6, "expected 7 to 90"],
  ["keyvault:Vault", vault, "properties.enablePurgeProtection", false, "it does not accept false"],
  ["storage:StorageAccount", account, "accountName", "Estate", "3 to 24 lower-case letters and digits"],
  [
    "storage:StorageAccount",
    account,
    "networkRuleSet",
    { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "10.0.0.0/8" }] },
    "a public IPv4 address",
  ],
  ["consumption:Budget", budget, "timePeriod.startDate", "2026-12-02T00:00:00Z", "the first of a month"],
  ["consumption:Budget", budget, "timePeriod.endDate", "2026-11-01T00:00:00Z", "a date after 2026-12-01"],
  ["consumption:Budget", budget, "amount", 0, "more than 0"],
  ["consumption:Budget", budget, "notifications.half.contactEmails", [], "an address, or a role or group to notify"],
  ["consumption:Budget", budget, "scope", "web", "the id of a subscription"],
  ["authorization:RoleAssignment", role, "principalId", "me", "a GUID"],
  ["authorization:RoleAssignment", role, "roleDefinitionId", "Contributor", "the id of a role definition"],
  [
    "authorization:ManagementLockByScope",
    { scope: groupId, level: "ReadOnly" },
    "level",
    "NotSpecified",
    "CanNotDelete or ReadOnly",
  ],
];

test.each(wrong.map(([type, inputs, path, value, reason]) => ({ type, inputs, path, value, reason })))(
  "$type, $path: $reason",
  ({ type, inputs, path, value, reason }) => {
    expect(told(type, edited(inputs, path, value))).toContainEqual(expect.stringContaining(reason));
  },
);

function disk(lun: number): Properties {
  return { lun, createOption: "Attach", managedDisk: { id: `/d${String(lun)}` } };
}

describe("what is not known yet", () => {
  test("is not found fault with, and hides no other problem", () => {
    const machine = edited(good.machine, "networkProfile.networkInterfaces", [{ id: unknownValue }]);
    expect(told("compute:VirtualMachine", { ...machine, resourceGroupName: unknownValue })).toEqual([]);
    expect(told("compute:VirtualMachine", edited(machine, "osProfile.computerName", "_"))).toHaveLength(1);
    const nic = edited(good.nic, "ipConfigurations.0.subnet.id", unknownValue);
    expect(told("network:NetworkInterface", { ...nic, ...unlocated })).toEqual([]);
    expect(told("network:NetworkInterface", { ...good.nic, ipConfigurations: unknownValue })).toEqual([]);
    expect(told("network:Subnet", { ...good.subnet, addressPrefix: unknownValue })).toEqual([]);
    expect(told("network:VirtualNetwork", { ...good.network, addressSpace: unknownValue })).toEqual([]);
    const addressPrefixes = ["10.20.0.0/16", unknownValue];
    const subnets = [{ name: "a", addressPrefix: "10.40.0.0/24" }];
    expect(told("network:VirtualNetwork", { ...good.network, addressSpace: { addressPrefixes }, subnets })).toEqual([]);
    const method = edited(good.nic, "ipConfigurations.0.privateIPAllocationMethod", unknownValue);
    expect(
      told("network:NetworkInterface", edited(method, "ipConfigurations.0.privateIPAddress", "10.20.1.4")),
    ).toEqual([]);
  });

  test("custom data is never in what is told", () => {
    const wrong = told("compute:VirtualMachine", edited(good.machine, "osProfile.customData", "not base64"));
    expect(wrong).toEqual([expect.stringContaining("customData is no Base64")]);
    expect(wrong.join()).not.toContain("not base64");
  });
});

describe("rules about two resources of one program", () => {
  const inOneRun = (...requests: [string, Properties][]) => {
    const plugin = provider();
    return requests
      .flatMap(([type, inputs]) => asked(plugin, `azure-native:${type}`).check(inputs))
      .map(({ reason }) => reason);
  };
  const network = { ...good.network, location: "westeurope" };

  test("a subnet inside its network, and apart from its neighbours", () => {
    expect(inOneRun(["network:VirtualNetwork", network], ["network:Subnet", good.subnet])).toEqual([]);
    const outside = { ...good.subnet, addressPrefix: "10.21.0.0/24" };
    expect(inOneRun(["network:VirtualNetwork", network], ["network:Subnet", outside])).toEqual([
      expect.stringContaining("inside its network's address space 10.20.0.0/16"),
    ]);
    const other = { ...good.subnet, subnetName: "other", addressPrefix: "10.20.1.0/24" };
    expect(
      inOneRun(["network:VirtualNetwork", network], ["network:Subnet", good.subnet], ["network:Subnet", other]),
    ).toEqual([expect.stringContaining("apart from front, which has 10.20.1.0/29")]);
  });

  test("the same resource, shown twice, is no neighbour of its own", () => {
    expect(inOneRun(["network:Subnet", good.subnet], ["network:Subnet", good.subnet])).toEqual([]);
  });
});
