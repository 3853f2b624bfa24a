import type { ExampleResource } from "#policies/lib/rule.ts";

type Values = Readonly<Record<string, unknown>>;

/** A resource somebody would declare, with what a rule is to say about it, or nothing. */
export interface CloudCase {
  readonly title: string;
  /** Id of the rule that finds it; undefined where none may. */
  readonly rule?: string;
  readonly resources: readonly ExampleResource[];
}

export const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001";
export const GROUP = `${SUBSCRIPTION}/resourceGroups/example-rg`;

export function one(type: string, properties: Values, name = "example"): ExampleResource {
  return { type, name, properties };
}

/** A resource of Pulumi's azure-native provider: `azure("sql:Server", { … })`. */
export function azure(token: string, properties: Values): ExampleResource {
  return one(`azure-native:${token}`, properties);
}

/** The same of the classic provider. */
export function classic(token: string, properties: Values): ExampleResource {
  return one(`azure:${token}`, properties);
}

const RULE = {
  name: "r",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
};

/** A security group with rules that each differ from an opening of TCP in what is given. */
export function group(...rules: readonly Values[]): ExampleResource {
  const securityRules = rules.map((changes) => ({ ...RULE, ...changes }));
  return one("azure-native:network:NetworkSecurityGroup", { networkSecurityGroupName: "example", securityRules });
}

export function separateRule(changes: Values, name = "rule"): ExampleResource {
  return one("azure-native:network:SecurityRule", { networkSecurityGroupName: "other", ...RULE, ...changes }, name);
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A Linux machine that passes the rules, with changes. */
export function machine(changes: Values, os: Values = {}): ExampleResource {
  const linuxConfiguration = { disablePasswordAuthentication: true };
  return one("azure-native:compute:VirtualMachine", {
    vmName: "example",
    hardwareProfile: { vmSize: "Standard_B2s" },
    osProfile: { adminUsername: "operator", linuxConfiguration, ...os },
    securityProfile: { encryptionAtHost: true },
    storageProfile: {
      imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "24.04.202511010" },
      osDisk: { createOption: "FromImage", managedDisk: { storageAccountType: "Premium_LRS" } },
    },
    ...changes,
  });
}

export function storage(changes: Values): ExampleResource {
  return one("azure-native:storage:StorageAccount", {
    accountName: "example",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    minimumTlsVersion: "TLS1_2",
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    publicNetworkAccess: "Disabled",
    ...changes,
  });
}

export function classicStorage(changes: Values): ExampleResource {
  return one("azure:storage/account:Account", {
    name: "example",
    accountTier: "Standard",
    accountReplicationType: "LRS",
    allowNestedItemsToBePublic: false,
    sharedAccessKeyEnabled: false,
    publicNetworkAccessEnabled: false,
    ...changes,
  });
}

export function classicMachine(changes: Values): ExampleResource {
  return one("azure:compute/linuxVirtualMachine:LinuxVirtualMachine", {
    name: "example",
    size: "Standard_B2s",
    adminUsername: "operator",
    encryptionAtHostEnabled: true,
    ...changes,
  });
}

export function classicVault(changes: Values): ExampleResource {
  return one("azure:keyvault/keyVault:KeyVault", {
    name: "example",
    skuName: "standard",
    purgeProtectionEnabled: true,
    rbacAuthorizationEnabled: true,
    publicNetworkAccessEnabled: false,
    ...changes,
  });
}

export function assignment(role: string, changes: Values = {}): ExampleResource {
  return one("azure-native:authorization:RoleAssignment", {
    principalId: "00000000-0000-0000-0000-000000000003",
    principalType: "ServicePrincipal",
    roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    scope: SUBSCRIPTION,
    ...changes,
  });
}

export function role(actions: readonly string[], more: Values = {}): ExampleResource {
  return one("azure-native:authorization:RoleDefinition", {
    roleName: "example",
    scope: SUBSCRIPTION,
    permissions: [{ actions, ...more }],
  });
}

export function cloudflare(name: string, properties: Values, resource = "example"): ExampleResource {
  const token = `cloudflare:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return one(token, properties, resource);
}

/** A ruleset of Cloudflare's firewall that lets past whatever an expression fits. */
export function skip(expression: string): ExampleResource {
  return cloudflare("ruleset", {
    kind: "zone",
    phase: "http_request_firewall_custom",
    rules: [{ action: "skip", expression }],
  });
}

/** A list of addresses that rules name. */
export function list(...ips: readonly string[]): ExampleResource {
  return cloudflare("list", { kind: "ip", name: "office", items: ips.map((ip) => ({ ip })) }, "list");
}

export function tunnel(routes: readonly Values[], more: Values = {}): ExampleResource {
  const ingresses = [...routes, { service: "http_status:404" }];
  return cloudflare("zeroTrustTunnelCloudflaredConfig", { tunnelId: "t", config: { ingresses, ...more } }, "tunnel");
}

/** An application before every name below example.com that lets one person in. */
export function guard(changes: Values = {}): ExampleResource {
  return cloudflare(
    "zeroTrustAccessApplication",
    {
      name: "guard",
      type: "self_hosted",
      destinations: [{ type: "public", uri: "*.example.com" }],
      policies: [{ name: "people", decision: "allow", includes: [{ email: { email: "operator@example.com" } }] }],
      ...changes,
    },
    "guard",
  );
}

export function policy(changes: Values): ExampleResource {
  return cloudflare("zeroTrustAccessPolicy", { name: "p", decision: "allow", ...changes });
}

/** Cases of one rule, by title. */
export function casesOf(
  rule: string | undefined,
  table: Readonly<Record<string, ExampleResource | readonly ExampleResource[]>>,
): CloudCase[] {
  return Object.entries(table).map(([title, resources]) => ({
    title,
    ...(rule !== undefined && { rule }),
    resources: Array.isArray(resources) ? (resources as readonly ExampleResource[]) : [resources as ExampleResource],
  }));
}
