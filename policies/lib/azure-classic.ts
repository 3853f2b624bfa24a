import { disk, formerMachine, machine, networkInterface, scaleSet, windows } from "./azure-classic-machines.ts";
import { named } from "./azure-classic-names.ts";
import { serviceType } from "./azure-services.ts";
import { azure } from "./azure-types.ts";
import type { Move } from "./translation.ts";
import { moves } from "./translation.ts";

/** What rules of a network manager name otherwise than those of a security group, by their type in Azure Native. */
const ADMIN_RULE: readonly Move[] = [
  ...moves(
    "sources.*.addressPrefix > sourceAddressPrefixes.*",
    "destinations.*.addressPrefix > destinationAddressPrefixes.*",
  ),
  { from: "protocol", to: "protocol", change: (value) => (value === "Any" ? "*" : value) },
];

/** Resources of @pulumi/azure by their token, each with the type of Azure Native that it is and what is named otherwise. */
export const classic: ReadonlyMap<string, { readonly type: string; readonly moves: readonly Move[] }> = new Map(
  table().map(([path, type, list]) => [classicToken(path), { type, moves: list }]),
);

/** Resources of Azure Native that say what the rules know in other words. */
export const otherWords: ReadonlyMap<string, readonly Move[]> = new Map([[azure.adminRule, ADMIN_RULE]]);

/** The token of a classic resource: `network/subnet` is `azure:network/subnet:Subnet`. */
export function classicToken(path: string): string {
  const name = path.split("/").at(-1) ?? "";
  return `azure:${path}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function access(value: unknown): unknown {
  return value === true || value === "true" ? "Enabled" : value === false || value === "false" ? "Disabled" : value;
}

function asReferences(value: unknown): unknown {
  return (Array.isArray(value) ? value : [value]).map((id: unknown) => ({ id }));
}

function containerAccess(value: unknown): unknown {
  return typeof value === "string" && value.toLowerCase() === "private" ? "None" : value;
}

function table(): readonly (readonly [path: string, type: string, moves: readonly Move[]])[] {
  const groups = (place: string) =>
    ["source", "destination"].map((end) => ({
      from: `${place}${end}ApplicationSecurityGroupIds`,
      to: `${place}${end}ApplicationSecurityGroups`,
      change: asReferences,
    }));
  const publicly = (place = ""): Move => ({
    from: "publicNetworkAccessEnabled",
    to: `${place}publicNetworkAccess`,
    change: access,
  });
  return [
    [
      "network/networkSecurityGroup",
      azure.securityGroup,
      [...named("networkSecurityGroupName"), ...groups("securityRules.*.")],
    ],
    ["network/networkSecurityRule", azure.securityRule, [...named("securityRuleName"), ...groups("")]],
    [
      "network/networkManagerAdminRule",
      azure.adminRule,
      [...named("ruleName"), ...moves("action > access"), ...ADMIN_RULE],
    ],
    ["network/firewallPolicyRuleCollectionGroup", azure.firewallRules, named("ruleCollectionGroupName")],
    ["network/firewallNatRuleCollection", azure.firewall, collection("natRuleCollections")],
    ["network/firewallNetworkRuleCollection", azure.firewall, collection("networkRuleCollections")],
    ["network/networkInterface", azure.networkInterface, networkInterface()],
    [
      "network/publicIp",
      azure.publicAddress,
      [...named("publicIpAddressName"), { from: "sku", to: "sku.name", otherwise: "Standard" }],
    ],
    ["network/subnet", azure.subnet, named("subnetName")],
    ["network/virtualNetworkPeering", azure.peering, named("virtualNetworkPeeringName")],
    ["lb/natRule", azure.inboundNatRule, named("inboundNatRuleName")],
    ["lb/natPool", azure.inboundNatRule, named("inboundNatRuleName")],
    ["compute/linuxVirtualMachine", azure.machine, machine("")],
    ["compute/windowsVirtualMachine", azure.machine, [...machine("", false), windows("")]],
    ["compute/virtualMachine", azure.machine, formerMachine()],
    ["compute/linuxVirtualMachineScaleSet", azure.scaleSet, scaleSet()],
    ["compute/windowsVirtualMachineScaleSet", azure.scaleSet, [...scaleSet(false), windows("virtualMachineProfile.")]],
    ["compute/managedDisk", azure.disk, [...disk("diskName"), publicly()]],
    ["compute/snapshot", azure.snapshot, [...disk("snapshotName"), publicly()]],
    ["compute/extension", azure.machineExtension, named("vmExtensionName")],
    ["compute/virtualMachineScaleSetExtension", azure.scaleSetExtension, named("vmssExtensionName")],
    ["compute/runCommand", azure.runCommand, named("runCommandName")],
    ["storage/account", azure.storageAccount, [...storage(), publicly()]],
    [
      "storage/container",
      azure.blobContainer,
      [...named("containerName"), { from: "containerAccessType", to: "publicAccess", change: containerAccess }],
    ],
    ["storage/localUser", azure.storageUser, moves("name > username", "sshPasswordEnabled > hasSshPassword")],
    ["keyvault/keyVault", azure.vault, [...vault(), publicly("properties.")]],
    ["keyvault/managedHardwareSecurityModule", azure.managedHsm, [...hsm(), publicly("properties.")]],
    ["keyvault/accessPolicy", azure.vaultPolicy, granted("", "policy.")],
    ["keyvault/secret", azure.vaultSecret, moves("name > secretName", "value > properties.value")],
    ["authorization/assignment", azure.roleAssignment, []],
    ["pim/eligibleRoleAssignment", azure.eligibleRole, []],
    ["pim/activeRoleAssignment", azure.roleAssignmentSchedule, []],
    ["cosmosdb/account", serviceType.cosmos, [...cosmos(), publicly()]],
    ["authorization/roleDefinition", azure.roleDefinition, named("roleName")],
    ["mssql/server", serviceType.sqlServer, moves("minimumTlsVersion > minimalTlsVersion")],
    ["mssql/firewallRule", serviceType.sqlFirewall, []],
    ["postgresql/flexibleServerFirewallRule", serviceType.postgresFirewall, []],
    ["mysql/flexibleServerFirewallRule", serviceType.mysqlFirewall, []],
    ["postgresql/firewallRule", serviceType.postgresFirewall, []],
    ["mysql/firewallRule", serviceType.mysqlFirewall, []],
    ["sql/firewallRule", serviceType.sqlFirewall, []],
    ["redis/cache", serviceType.redis, moves("nonSslPortEnabled > enableNonSslPort")],
    ["redis/firewallRule", serviceType.redisFirewall, moves("startIp > startIP", "endIp > endIP")],
    ["containerservice/registry", serviceType.registry, moves("adminEnabled > adminUserEnabled")],
    ["containerservice/kubernetesCluster", serviceType.cluster, cluster()],
    ["containerservice/group", serviceType.containerGroup, containerGroup()],
    ["cognitive/account", serviceType.cognitive, [...cognitive(), publicly("properties.")]],
    ...["linuxWebApp", "windowsWebApp", "linuxFunctionApp", "windowsFunctionApp"]
      .flatMap((name) => [name, `${name}Slot`])
      .map((name) => [`appservice/${name}`, serviceType.webApp, webApp()] as const),
    ["management/lock", azure.lockByScope, moves("lockLevel > level")],
  ];
}

/** A list of rules that is a resource of its own. */
function collection(name: string): Move[] {
  return moves(`action > ${name}.0.action.type`, `priority > ${name}.0.priority`, `rules > ${name}.0.rules`);
}

/** One text with commas, in an earlier release. */
function cosmos(): Move[] {
  return [
    ...named("accountName"),
    {
      from: "ipRangeFilter",
      to: "ipRules",
      change: (value) =>
        typeof value === "string" ? value.split(",").map((one) => ({ ipAddressOrRange: one })) : undefined,
    },
    ...moves("ipRangeFilters.* > ipRules.*.ipAddressOrRange"),
  ];
}

function hsm(): Move[] {
  return moves(
    "purgeProtectionEnabled > properties.enablePurgeProtection",
    "networkAcls.defaultAction > properties.networkAcls.defaultAction",
  );
}

/** What apps of all kinds name otherwise. */
function webApp(): Move[] {
  return moves("siteConfig.minimumTlsVersion > siteConfig.minTlsVersion");
}

function cluster(): Move[] {
  return moves(
    "roleBasedAccessControlEnabled > enableRBAC",
    "apiServerAccessProfile.authorizedIpRanges > apiServerAccessProfile.authorizedIPRanges",
  );
}

/** The ports of its containers are a group's own, unless it names others. */
function containerGroup(): Move[] {
  return [
    { from: "ipAddressType", to: "ipAddress.type", otherwise: "Public" },
    { from: "containers", to: "ipAddress.ports", change: portsOfAll },
    ...moves("exposedPorts > ipAddress.ports"),
  ];
}

function portsOfAll(containers: unknown): unknown {
  if (!Array.isArray(containers)) return undefined;
  return containers.flatMap((one: { ports?: unknown } | null) =>
    Array.isArray(one?.ports) ? (one.ports as unknown[]) : [],
  );
}

function cognitive(): Move[] {
  return moves(
    "networkAcls.defaultAction > properties.networkAcls.defaultAction",
    "networkAcls.ipRules.* > properties.networkAcls.ipRules.*.value",
  );
}

/** Unlike Azure Native, it lets containers be public, and asks for TLS 1.2, unless it says otherwise. */
function storage(): Move[] {
  return [
    ...named("accountName"),
    { from: "allowNestedItemsToBePublic", to: "allowBlobPublicAccess", otherwise: true },
    { from: "minTlsVersion", to: "minimumTlsVersion", otherwise: "TLS1_2" },
    ...moves(
      "sharedAccessKeyEnabled > allowSharedKeyAccess",
      "httpsTrafficOnlyEnabled > enableHttpsTrafficOnly",
      "crossTenantReplicationEnabled > allowCrossTenantReplication",
      "sftpEnabled > isSftpEnabled",
      "localUserEnabled > isLocalUserEnabled",
      "networkRules.defaultAction > networkRuleSet.defaultAction",
      "networkRules.ipRules.* > networkRuleSet.ipRules.*.iPAddressOrRange",
    ),
  ];
}

function vault(): Move[] {
  return [
    ...named("vaultName"),
    ...moves(
      "purgeProtectionEnabled > properties.enablePurgeProtection",
      "rbacAuthorizationEnabled > properties.enableRbacAuthorization",
      "enableRbacAuthorization > properties.enableRbacAuthorization",
      "networkAcls.defaultAction > properties.networkAcls.defaultAction",
      "networkAcls.ipRules.* > properties.networkAcls.ipRules.*.value",
    ),
    ...granted("accessPolicies.*.", "properties.accessPolicies.*."),
  ];
}

function granted(from: string, to: string): Move[] {
  return ["key", "secret", "certificate", "storage"].flatMap((kind) => {
    const many = kind === "storage" ? kind : `${kind}s`;
    return moves(`${from}${kind}Permissions > ${to}permissions.${many}`);
  });
}
