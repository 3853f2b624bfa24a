/** What the lab's schema of the Azure Native provider is taken from, and what the declarations do not tell. */

/** The resource types of the lab's simulated Azure, by module. */
export const supportedTypes: Readonly<Record<string, readonly string[]>> = {
  authorization: ["ManagementLockAtResourceGroupLevel", "ManagementLockByScope", "RoleAssignment"],
  compute: ["Disk", "VirtualMachine", "VirtualMachineExtension"],
  consumption: ["Budget"],
  keyvault: ["Vault"],
  network: [
    "NatGateway",
    "NetworkInterface",
    "NetworkSecurityGroup",
    "PublicIPAddress",
    "SecurityRule",
    "Subnet",
    "VirtualNetwork",
    "VirtualNetworkPeering",
  ],
  resources: ["ResourceGroup"],
  storage: ["BlobContainer", "StorageAccount"],
};

/**
 * Inputs that are secret although the official plugin does not say so: Azure gives none of them back. By module, type
 * and property.
 */
export const secretInputs: ReadonlySet<string> = new Set([
  "compute.OSProfile.adminPassword",
  "compute.OSProfile.customData",
  "compute.VirtualMachineExtension.protectedSettings",
]);

/** Lists that Azure makes longer without a new version of its API: what is not in them may well exist. */
export const openEnums: ReadonlySet<string> = new Set(["compute.VirtualMachineSizeTypes"]);
