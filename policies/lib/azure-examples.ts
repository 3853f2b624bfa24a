import type { Example, ExampleResource } from "./rule.ts";
import { azure } from "./azure-types.ts";

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/example-rg";

/** The id of a resource of the examples' group, for instance of `Microsoft.Network/networkInterfaces/example`. */
export function exampleId(path: string): string {
  return `${GROUP}/providers/${path}`;
}

/** The id of the examples' resource group. */
export const exampleGroupId = GROUP;

/** The properties that every Linux machine of the examples has, and that pass every rule. */
const CLEAN_PROFILE = {
  osProfile: {
    adminUsername: "operator",
    linuxConfiguration: { disablePasswordAuthentication: true },
  },
  securityProfile: { encryptionAtHost: true },
  storageProfile: {
    imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.04.202511010" },
    osDisk: { createOption: "FromImage", managedDisk: { storageAccountType: "Premium_LRS" } },
  },
};

type Changes = Readonly<Record<string, unknown>>;

/** A machine that passes every rule, with some properties changed. */
export function machine(name: string, changes: Changes = {}): ExampleResource {
  const size = { hardwareProfile: { vmSize: "Standard_F16s_v2" } };
  return resource(azure.machine, name, { vmName: name, ...size, ...CLEAN_PROFILE, ...changes });
}

/** A scale set that passes every rule, with some properties of its machines changed. */
export function scaleSet(name: string, changes: Changes = {}, size = "Standard_F16s_v2"): ExampleResource {
  const profile = { ...CLEAN_PROFILE, ...changes };
  return resource(azure.scaleSet, name, {
    vmScaleSetName: name,
    sku: { name: size },
    virtualMachineProfile: profile,
  });
}

/** Storage that passes every rule, with some properties changed. */
export function storageAccount(name: string, changes: Changes = {}): ExampleResource {
  return resource(azure.storageAccount, name, {
    accountName: name,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    publicNetworkAccess: "Disabled",
    ...changes,
  });
}

/** A vault that passes every rule, with some properties changed. */
export function vault(name: string, changes: Changes = {}): ExampleResource {
  return resource(azure.vault, name, {
    vaultName: name,
    properties: {
      tenantId: "00000000-0000-0000-0000-000000000002",
      sku: { family: "A", name: "standard" },
      enablePurgeProtection: true,
      enableRbacAuthorization: true,
      publicNetworkAccess: "Disabled",
      ...changes,
    },
  });
}

/** A data disk that passes every rule, with some properties changed. */
export function disk(name: string, changes: Changes = {}): ExampleResource {
  return resource(azure.disk, name, {
    diskName: name,
    creationData: { createOption: "Empty" },
    diskSizeGB: 1024,
    networkAccessPolicy: "DenyAll",
    publicNetworkAccess: "Disabled",
    ...changes,
  });
}

/** A resource in the examples' group. */
export function resource(type: string, name: string, properties: Changes): ExampleResource {
  return { type, name, properties: { resourceGroupName: "example-rg", ...properties } };
}

/** An example of one resource. */
export function of(title: string, ...resources: readonly ExampleResource[]): Example {
  return { title, resources };
}
