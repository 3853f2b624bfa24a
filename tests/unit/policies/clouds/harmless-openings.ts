import type { CloudCase } from "./build.ts";
import { azure, casesOf, cloudflare, GROUP, one, skip, SUBSCRIPTION } from "./build.ts";

const READER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
const OWNER = READER.replace(/[^/]+$/, "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");

const nat = (rule: object) =>
  azure("network:FirewallPolicyRuleCollectionGroup", {
    ruleCollections: [
      {
        ruleCollectionType: "FirewallPolicyNatRuleCollection",
        action: { type: "DNAT" },
        rules: [{ ruleType: "NatRule", ipProtocols: ["TCP"], ...rule }],
      },
    ],
  });
const admin = (changes: object, name = "rule") =>
  one(
    "azure-native:network:AdminRule",
    {
      access: "Allow",
      direction: "Inbound",
      priority: 100,
      protocol: "Tcp",
      destinationPortRanges: ["22"],
      sources: [{ addressPrefixType: "IPPrefix", addressPrefix: "*" }],
      ...changes,
    },
    name,
  );

/** Their neighbours that open nothing. */
export const harmlessOpenings: readonly CloudCase[] = casesOf(undefined, {
  "the web by a firewall": nat({ sourceAddresses: ["*"], destinationPorts: ["80", "443"], translatedPort: "8443" }),
  "SSH by a firewall from one office": nat({
    sourceAddresses: ["203.0.113.7"],
    destinationPorts: ["2222"],
    translatedPort: "22",
  }),
  "what a firewall refuses": azure("network:AzureFirewall", {
    networkRuleCollections: [
      {
        action: { type: "Deny" },
        rules: [{ protocols: ["Any"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"] }],
      },
    ],
  }),
  "a network manager that refuses": admin({ access: "Deny" }),
  "a network manager that lets out": admin({ direction: "Outbound" }),
  "a network manager within the network": admin({
    sources: [{ addressPrefixType: "IPPrefix", addressPrefix: "10.0.0.0/8" }],
  }),
  "a network manager that refuses before it allows": [
    admin({ priority: 200, configurationName: "c" }, "allow"),
    admin({ priority: 100, configurationName: "c", access: "Deny" }, "deny"),
  ],
  "an eligible reader": azure("authorization:PimRoleEligibilitySchedule", {
    principalId: "x",
    roleDefinitionId: READER,
    scope: SUBSCRIPTION,
  }),
  "an eligible owner of one resource": azure("authorization:PimRoleEligibilitySchedule", {
    principalId: "x",
    roleDefinitionId: OWNER,
    scope: `${GROUP}/providers/Microsoft.Storage/storageAccounts/example`,
  }),
  "an owner who is taken away": azure("authorization:RoleAssignmentScheduleRequest", {
    principalId: "x",
    roleDefinitionId: OWNER,
    scope: SUBSCRIPTION,
    requestType: "AdminRemove",
  }),
  "documents in a network": azure("cosmosdb:DatabaseAccount", {
    disableLocalAuth: true,
    isVirtualNetworkFilterEnabled: true,
    virtualNetworkRules: [{ id: "subnet" }],
  }),
  "documents for one office": azure("cosmosdb:DatabaseAccount", { ipRules: [{ ipAddressOrRange: "203.0.113.0/24" }] }),
  "documents behind a perimeter": azure("cosmosdb:DatabaseAccount", { publicNetworkAccess: "SecuredByPerimeter" }),
  "a closed HSM": azure("keyvault:ManagedHsm", {
    properties: { enablePurgeProtection: true, publicNetworkAccess: "Disabled" },
  }),
  "an HSM for one office": azure("keyvault:ManagedHsm", {
    properties: {
      enablePurgeProtection: true,
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.7" }] },
    },
  }),
  "a list of one office": [
    cloudflare("list", { kind: "ip", name: "office", items: [{ ip: "203.0.113.0/24" }] }, "list"),
    skip("ip.src in $office"),
  ],
  "a list of another program": skip("ip.src in $office"),
  "a filter for one address": [
    cloudflare("filter", { id: "f", expression: "ip.src eq 203.0.113.7" }, "filter"),
    cloudflare("firewallRule", { action: "allow", filterId: "f" }, "rule"),
  ],
  "a filter for all that blocks": [
    cloudflare("filter", { id: "f", expression: "true" }, "filter"),
    cloudflare("firewallRule", { action: "block", filterId: "f" }, "rule"),
  ],
  "a filter for all that is paused": [
    cloudflare("filter", { id: "f", expression: "true", paused: true }, "filter"),
    cloudflare("firewallRule", { action: "allow", filterId: "f" }, "rule"),
  ],
  "a name of ours": cloudflare("zeroTrustNetworkHostnameRoute", { hostname: "wiki.example.com", tunnelId: "t" }),
  "all names of ours": cloudflare("zeroTrustNetworkHostnameRoute", { hostname: "*.example.com", tunnelId: "t" }),
  "a device that is locked": cloudflare("zeroTrustDeviceDefaultProfile", {
    allowModeSwitch: false,
    allowedToLeave: false,
    switchLocked: true,
    serviceModeV2: { mode: "warp" },
    excludes: [{ address: "192.168.0.0/16" }, { host: "printer.example.com" }],
  }),
  "a game over UDP": cloudflare("spectrumApplication", {
    protocol: "udp/27015",
    originDirects: ["udp://203.0.113.5:27015"],
  }),
  "the web to another port": cloudflare("spectrumApplication", {
    protocol: "tcp/443",
    originDirects: ["tcp://203.0.113.5:8080"],
  }),
});
