import type { CloudCase } from "./build.ts";
import { azure, casesOf, classic, cloudflare, skip, SUBSCRIPTION } from "./build.ts";

const OWNER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;

const SSH = { ruleType: "NatRule", ipProtocols: ["TCP"], destinationPorts: ["2222"], translatedPort: "22" };
const nat = (...rules: readonly object[]) =>
  azure("network:FirewallPolicyRuleCollectionGroup", {
    ruleCollections: [
      { ruleCollectionType: "FirewallPolicyNatRuleCollection", priority: 100, action: { type: "DNAT" }, rules },
    ],
  });
const admin = (changes: object) =>
  azure("network:AdminRule", {
    access: "Allow",
    direction: "Inbound",
    priority: 100,
    protocol: "Tcp",
    destinationPortRanges: ["22"],
    sources: [{ addressPrefixType: "IPPrefix", addressPrefix: "*" }],
    ...changes,
  });
const assigned = { principalId: "x", roleDefinitionId: OWNER, scope: SUBSCRIPTION };
const route = (hostname: string) => cloudflare("zeroTrustNetworkHostnameRoute", { hostname, tunnelId: "t" });
const spectrum = (properties: object) => cloudflare("spectrumApplication", { dns: { name: "a" }, ...properties });

/** Openings beside security groups and rulesets. */
export const dangerousOpenings: readonly CloudCase[] = [
  ...casesOf("azure.network-openings", {
    "SSH by a firewall": nat({ ...SSH, sourceAddresses: ["*"] }),
    "SSH by a firewall, from a tag": nat({ ...SSH, sourceAddresses: ["Internet"] }),
    "SSH by a firewall, from halves": nat({ ...SSH, sourceAddresses: ["0.0.0.0/1", "128.0.0.0/1"] }),
    "RDP behind the port of the web": nat({
      ...SSH,
      sourceAddresses: ["*"],
      destinationPorts: ["443"],
      translatedPort: "3389",
    }),
    "SSH by the second rule": nat({ ...SSH, sourceAddresses: ["10.0.0.0/8"] }, { ...SSH, sourceAddresses: ["*"] }),
    "WinRM over any protocol": nat({ ...SSH, ipProtocols: ["Any"], sourceAddresses: ["*"], translatedPort: "5986" }),
    "SSH in a firewall itself": azure("network:AzureFirewall", {
      natRuleCollections: [
        {
          action: { type: "Dnat" },
          rules: [{ protocols: ["TCP"], sourceAddresses: ["*"], destinationPorts: ["22"], translatedPort: "22" }],
        },
      ],
    }),
    "SSH by a classic policy": classic("network/firewallPolicyRuleCollectionGroup:FirewallPolicyRuleCollectionGroup", {
      natRuleCollections: [
        {
          action: "Dnat",
          rules: [{ protocols: ["TCP"], sourceAddresses: ["*"], destinationPorts: ["2222"], translatedPort: 22 }],
        },
      ],
    }),
    "a network manager that allows SSH": admin({}),
    "a network manager that allows everything": admin({ protocol: "Any", destinationPortRanges: undefined }),
    "a network manager, always": admin({ access: "AlwaysAllow", destinationPortRanges: ["3389"] }),
    "a network manager, from a tag": admin({
      sources: [{ addressPrefixType: "ServiceTag", addressPrefix: "Internet" }],
    }),
    "a network manager, in halves": admin({
      sources: ["0.0.0.0/1", "128.0.0.0/1"].map((addressPrefix) => ({ addressPrefixType: "IPPrefix", addressPrefix })),
    }),
    "a classic network manager": classic("network/networkManagerAdminRule:NetworkManagerAdminRule", {
      action: "Allow",
      direction: "Inbound",
      priority: 1,
      protocol: "Tcp",
      destinationPortRanges: ["22"],
      sources: [{ addressPrefixType: "IPPrefix", addressPrefix: "0.0.0.0/0" }],
    }),
  }),
  ...casesOf("azure.network-openings-advice", {
    "a database by a firewall": nat({
      ...SSH,
      sourceAddresses: ["*"],
      destinationPorts: ["5432"],
      translatedPort: "5432",
    }),
    "a database by a network manager": admin({ destinationPortRanges: ["1433"] }),
  }),
  ...casesOf("azure.identity-scope", {
    "an eligible owner": azure("authorization:PimRoleEligibilitySchedule", assigned),
    "an active owner for a while": azure("authorization:PimRoleAssignmentSchedule", assigned),
    "a request for an eligible owner": azure("authorization:RoleEligibilityScheduleRequest", {
      ...assigned,
      requestType: "AdminAssign",
    }),
    "a request for an owner": azure("authorization:RoleAssignmentScheduleRequest", assigned),
    "a classic eligible owner": classic("pim/eligibleRoleAssignment:EligibleRoleAssignment", assigned),
    "a classic active owner": classic("pim/activeRoleAssignment:ActiveRoleAssignment", assigned),
  }),
  ...casesOf("azure.services", {
    "documents for everybody": azure("cosmosdb:DatabaseAccount", { publicNetworkAccess: "Enabled" }),
    "documents for everybody, as by default": azure("cosmosdb:DatabaseAccount", { kind: "GlobalDocumentDB" }),
    "documents without the filter of networks": azure("cosmosdb:DatabaseAccount", {
      isVirtualNetworkFilterEnabled: false,
    }),
    "documents for every customer of Azure": azure("cosmosdb:DatabaseAccount", {
      ipRules: [{ ipAddressOrRange: "203.0.113.7" }, { ipAddressOrRange: "0.0.0.0" }],
    }),
    "documents for halves of everybody": azure("cosmosdb:DatabaseAccount", {
      ipRules: ["0.0.0.0/1", "128.0.0.0/1"].map((ipAddressOrRange) => ({ ipAddressOrRange })),
    }),
    "documents by keys": azure("cosmosdb:DatabaseAccount", {
      publicNetworkAccess: "Disabled",
      disableLocalAuth: false,
    }),
    "documents over an old TLS": azure("cosmosdb:DatabaseAccount", {
      publicNetworkAccess: "Disabled",
      minimalTlsVersion: "Tls11",
    }),
    "classic documents for everybody": classic("cosmosdb/account:Account", { publicNetworkAccessEnabled: true }),
    "classic documents for every customer": classic("cosmosdb/account:Account", { ipRangeFilters: ["0.0.0.0"] }),
    "classic documents in the words of before": classic("cosmosdb/account:Account", {
      ipRangeFilter: "203.0.113.7,0.0.0.0",
    }),
  }),
  ...casesOf("azure.key-vault", {
    "an HSM for everybody": azure("keyvault:ManagedHsm", {
      properties: { enablePurgeProtection: true, publicNetworkAccess: "Enabled" },
    }),
    "an HSM that can be purged": azure("keyvault:ManagedHsm", { properties: { publicNetworkAccess: "Disabled" } }),
    "an HSM without soft delete": azure("keyvault:ManagedHsm", {
      properties: { enablePurgeProtection: true, enableSoftDelete: false, publicNetworkAccess: "Disabled" },
    }),
    "a classic HSM": classic("keyvault/managedHardwareSecurityModule:ManagedHardwareSecurityModule", {
      purgeProtectionEnabled: false,
      publicNetworkAccessEnabled: false,
    }),
  }),
  ...casesOf("cloudflare.firewall-skips", {
    "a list of everybody": [
      cloudflare("list", { kind: "ip", name: "office", items: [{ ip: "0.0.0.0/0" }] }, "list"),
      skip("(ip.src in $office)"),
    ],
    "a list of before": [
      cloudflare("list", { kind: "ip", name: "office", items: [{ value: { ip: "0.0.0.0/1" } }] }, "list"),
      skip("ip.src in $office"),
    ],
    "a list whose entries are apart": [
      cloudflare("list", { id: "l", kind: "ip", name: "office" }, "list"),
      cloudflare("listItem", { listId: "l", ip: "8.0.0.0/7" }, "item"),
      skip("ip.src in $office"),
    ],
    "a filter for all": [
      cloudflare("filter", { id: "f", expression: "true" }, "filter"),
      cloudflare("firewallRule", { action: "allow", filterId: "f" }, "rule"),
    ],
    "a filter for a country that bypasses": [
      cloudflare("filter", { id: "f", expression: '(ip.geoip.country eq "DE")' }, "filter"),
      cloudflare("firewallRule", { action: "bypass", products: ["waf"], filterId: "f" }, "rule"),
    ],
    "a rule with its filter in it": cloudflare("firewallRule", {
      action: { mode: "allow" },
      filter: { expression: "ssl" },
    }),
    "all paths but one": skip('not starts_with(http.request.uri.path, "/admin")'),
    "all paths but another": skip('http.request.uri.path ne "/admin"'),
  }),
  ...casesOf("cloudflare.private-routes", {
    "every name": route("*"),
    "every name of an ending": route("*.com"),
    "a name of Microsoft's": route("login.microsoftonline.com"),
    "names of a model's": route("*.openai.com"),
    "a machine's metadata": route("metadata.google.internal"),
  }),
  ...casesOf("cloudflare.devices", {
    "past Gateway": cloudflare("zeroTrustDeviceDefaultProfile", { excludes: [{ address: "0.0.0.0/0" }] }),
    "past Gateway, in halves": cloudflare("zeroTrustDeviceCustomProfile", {
      exclude: [{ address: "0.0.0.0/1" }, { address: "128.0.0.0/1" }],
    }),
    "a switch for everybody": cloudflare("zeroTrustDeviceDefaultProfile", { switchLocked: false }),
    "a policy of before": cloudflare("deviceSettingsPolicy", { allowModeSwitch: true }),
    "names only": cloudflare("zeroTrustDeviceDefaultProfile", { serviceModeV2: { mode: "1dot1" } }),
    "devices that nobody filters": cloudflare("zeroTrustDeviceSettings", { gatewayProxyEnabled: false }),
  }),
  ...casesOf("cloudflare.spectrum", {
    SSH: spectrum({ protocol: "tcp/22", originDirects: ["tcp://203.0.113.5:22"] }),
    RDP: spectrum({ protocol: "tcp/3389", originDirects: ["tcp://203.0.113.5:3389"] }),
    "SSH by its name": spectrum({ protocol: "ssh" }),
    "SSH behind another port": spectrum({ protocol: "tcp/443", originDirects: ["tcp://203.0.113.5:22"] }),
    "SSH to a name": spectrum({ protocol: "tcp/2022", originDns: { name: "o" }, originPort: 22 }),
    "SSH in a range": spectrum({
      protocol: "tcp/20-30",
      originDns: { name: "o" },
      originPortRange: { start: 20, end: 30 },
    }),
  }),
];
