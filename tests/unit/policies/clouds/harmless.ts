import type { CloudCase } from "./build.ts";
import {
  assignment,
  base64,
  casesOf,
  classicMachine,
  classicStorage,
  classicVault,
  cloudflare,
  group,
  GROUP,
  guard,
  machine,
  one,
  policy,
  role,
  separateRule,
  storage,
  SUBSCRIPTION,
  tunnel,
} from "./build.ts";

const ANY = { sourceAddressPrefix: "*" };
const people = [{ email: { email: "operator@example.com" } }];
const route = (service: string, more: object = {}) => [
  tunnel([{ hostname: "a.example.com", service, ...more }]),
  guard(),
];
const skip = (expression: string) =>
  cloudflare("ruleset", {
    kind: "zone",
    phase: "http_request_firewall_custom",
    rules: [{ action: "skip", expression, actionParameters: { ruleset: "current" } }],
  });
const record = (changes: object) =>
  cloudflare("dnsRecord", { name: "www", type: "A", content: "203.0.113.5", ttl: 1, ...changes });
const user = (text: string) => machine({}, { customData: base64(text) });

const azure = casesOf(undefined, {
  "Azure: the web from everybody": group({ ...ANY, destinationPortRanges: ["80", "443"] }),
  "Azure: the web from the tag for everybody": group({ sourceAddressPrefix: "Internet", destinationPortRange: "443" }),
  "Azure: another port of the web": group({ ...ANY, destinationPortRange: "8080" }),
  "Azure: SSH from one office": group({ sourceAddressPrefix: "203.0.113.7/32", destinationPortRange: "22" }),
  "Azure: SSH from three offices": group({
    sourceAddressPrefixes: ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.7"],
    destinationPortRange: "22",
  }),
  "Azure: SSH from all private blocks": group({
    sourceAddressPrefixes: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    destinationPortRange: "22",
  }),
  "Azure: SSH from the network": group({ sourceAddressPrefix: "VirtualNetwork", destinationPortRange: "22" }),
  "Azure: RDP from Bastion's subnet": group({
    sourceAddressPrefix: "10.0.1.0/26",
    destinationPortRanges: ["22", "3389"],
  }),
  "Azure: everything from the load balancer's probes": group({
    sourceAddressPrefix: "AzureLoadBalancer",
    destinationPortRange: "*",
    protocol: "*",
  }),
  "Azure: the gateway's management": group({
    sourceAddressPrefix: "GatewayManager",
    destinationPortRange: "65200-65535",
  }),
  "Azure: the web from Front Door": group({
    sourceAddressPrefix: "AzureFrontDoor.Backend",
    destinationPortRange: "443",
  }),
  "Azure: the blocks that Cloudflare publishes": group({
    sourceAddressPrefixes: [
      ...["173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18"],
      ...["108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17"],
      ...["162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22"],
    ],
    destinationPortRange: "8443",
  }),
  "Azure: all refused": group({ ...ANY, access: "Deny", destinationPortRange: "*", protocol: "*", priority: 4096 }),
  "Azure: everything out": group({ ...ANY, direction: "Outbound", destinationPortRange: "*", protocol: "*" }),
  "Azure: SSH refused before everything is let in from the network": group(
    { ...ANY, access: "Deny", destinationPortRange: "22", priority: 100 },
    { ...ANY, destinationPortRange: "22", priority: 200 },
  ),
  "Azure: SSH refused in halves": group(
    { sourceAddressPrefixes: ["0.0.0.0/1", "128.0.0.0/1"], access: "Deny", destinationPortRange: "22" },
    { ...ANY, destinationPortRange: "22", priority: 200 },
  ),
  "Azure: SSH refused for all of IPv4": group(
    { sourceAddressPrefix: "0.0.0.0/0", access: "Deny", destinationPortRange: "*", protocol: "*" },
    { ...ANY, destinationPortRange: "22", priority: 200 },
  ),
  "Azure: from a group of applications": group({
    sourceApplicationSecurityGroups: [{ id: "web" }],
    destinationPortRange: "5432",
  }),
  "Azure: a database from the network": group({ sourceAddressPrefix: "VirtualNetwork", destinationPortRange: "5432" }),
  "Azure: WireGuard": group({ ...ANY, protocol: "Udp", destinationPortRange: "51820" }),
  "Azure: mail": group({ ...ANY, destinationPortRanges: ["25", "465", "587", "993"] }),
  "Azure: ping": group({ ...ANY, protocol: "Icmp", destinationPortRange: "*" }),
  "Azure: a rule of its own": separateRule({ sourceAddressPrefix: "10.0.0.0/16", destinationPortRange: "22" }),
  "Azure: a load balancer for the web": one("azure-native:network:LoadBalancer", {
    loadBalancingRules: [{ name: "https", frontendPort: 443, backendPort: 443, protocol: "Tcp" }],
    inboundNatRules: [{ name: "web", frontendPort: 8080, backendPort: 80, protocol: "Tcp" }],
  }),
  "Azure: SSH by a load balancer, from one office": [
    one("azure-native:network:InboundNatRule", {
      loadBalancerName: "l",
      frontendPort: 50022,
      backendPort: 22,
      protocol: "Tcp",
    }),
    group({ sourceAddressPrefix: "203.0.113.7/32", destinationPortRange: "22" }),
  ],
  "Azure: SSH by a load balancer within the network": one("azure-native:network:LoadBalancer", {
    frontendIPConfigurations: [{ name: "inside", subnet: { id: "x" } }],
    inboundNatRules: [{ name: "ssh", frontendPort: 22, backendPort: 22, protocol: "Tcp" }],
  }),
  "Azure: a machine": machine({}),
  "Azure: a machine with Trusted Launch": machine({
    securityProfile: {
      encryptionAtHost: true,
      securityType: "TrustedLaunch",
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
  }),
  "Azure: Windows with a database": machine({
    osProfile: { adminUsername: "operator", windowsConfiguration: {} },
    storageProfile: { imageReference: { publisher: "MicrosoftSQLServer", offer: "sql2022-ws2022", sku: "web-gen2" } },
  }),
  "Azure: Windows with a database, as the image says": machine({
    osProfile: { adminUsername: "operator" },
    storageProfile: { imageReference: { publisher: "MicrosoftSQLServer", offer: "sql2022-ws2022", sku: "web-gen2" } },
  }),
  "Azure: custom data that installs a web server": user("#cloud-config\npackages: [nginx]\nssh_pwauth: false\n"),
  "Azure: custom data that forbids passwords": user(
    "#!/bin/sh\nsed -i 's/^#\\?PasswordAuthentication yes/PasswordAuthentication no/' /etc/ssh/sshd_config\n",
  ),
  "Azure: custom data that forbids root": user(
    "#cloud-config\nwrite_files:\n  - path: /etc/ssh/sshd_config.d/1.conf\n    content: |\n      PermitRootLogin no\n      PasswordAuthentication no\n",
  ),
  "Azure: custom data that speaks of passwords": user(
    "#cloud-config\n# ssh_pwauth: true would let passwords in\nruncmd:\n  - [passwd, -l, root]\n",
  ),
  "Azure: custom data with a drawn password": user(
    "#cloud-config\nchpasswd:\n  expire: true\n  users:\n    - name: ops\n      type: RANDOM\n",
  ),
  "Azure: an interface": one("azure-native:network:NetworkInterface", {
    enableIPForwarding: false,
    enableAcceleratedNetworking: true,
    ipConfigurations: [{ name: "main", subnet: { id: "x" } }],
    networkSecurityGroup: { id: "g" },
  }),
  "Azure: a peering": one("azure-native:network:VirtualNetworkPeering", {
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
  }),
  "Azure: storage for one network": storage({
    publicNetworkAccess: "Enabled",
    networkRuleSet: {
      defaultAction: "Deny",
      bypass: "AzureServices",
      ipRules: [{ iPAddressOrRange: "203.0.113.0/24" }],
    },
  }),
  "Azure: storage without what is not needed": storage({
    isSftpEnabled: false,
    isLocalUserEnabled: false,
    allowCrossTenantReplication: false,
    allowedCopyScope: "AAD",
  }),
  "Azure: pages of one's own": one("azure-native:storage:BlobServiceProperties", {
    cors: { corsRules: [{ allowedOrigins: ["https://www.example.com"], allowedMethods: ["GET"] }] },
  }),
  "Azure: blobs that can be brought back": one("azure-native:storage:BlobServiceProperties", {
    deleteRetentionPolicy: { enabled: true, days: 14 },
  }),
  "Azure: a local user with a key": one("azure-native:storage:LocalUser", {
    username: "u",
    hasSshKey: true,
    hasSshPassword: false,
  }),
  "Azure: a private container": one("azure-native:storage:BlobContainer", { containerName: "c", publicAccess: "None" }),
  "Azure: a snapshot that stays": one("azure-native:compute:Snapshot", { networkAccessPolicy: "DenyAll" }),
  "Azure: a snapshot for private links": one("azure-native:compute:Snapshot", { networkAccessPolicy: "AllowPrivate" }),
  "Azure: a vault's secret, by reference": one("azure-native:keyvault:Secret", {
    properties: { value: "${DB_PASSWORD}" },
  }),
  "Azure: Reader of a subscription": assignment("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
  "Azure: AcrPull of a group": assignment("7f951dda-4ed3-4680-a7ca-43fe172d538d", { scope: GROUP }),
  "Azure: Monitoring Metrics Publisher of a subscription": assignment("3913510d-42f4-4e42-8a64-420c390055eb"),
  "Azure: Key Vault Secrets User of a vault": assignment("4633458b-17de-408a-b874-0445c86b69e6", {
    scope: `${GROUP}/providers/Microsoft.KeyVault/vaults/v`,
  }),
  "Azure: Storage Blob Data Contributor of an account": assignment("ba92f5b4-2d11-453d-a403-e96b0029c9fe", {
    scope: `${GROUP}/providers/Microsoft.Storage/storageAccounts/s`,
  }),
  "Azure: Virtual Machine Contributor of a machine": assignment("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", {
    scope: `${GROUP}/providers/Microsoft.Compute/virtualMachines/m`,
  }),
  "Azure: a person owns": assignment("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", { principalType: "User" }),
  "Azure: a role that starts machines": role([
    "Microsoft.Compute/virtualMachines/read",
    "Microsoft.Compute/virtualMachines/start/action",
    "Microsoft.Compute/virtualMachines/deallocate/action",
  ]),
  "Azure: a role that reads everything": role(["*/read"]),
  "Azure: a role that reads blobs": role(["Microsoft.Storage/storageAccounts/read"], {
    dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
  }),
  "Azure: a role that opens tickets and alerts": role(["Microsoft.Support/*", "Microsoft.Insights/alertRules/*"]),
  "Azure: a role for names": role(["Microsoft.Network/dnsZones/*", "Microsoft.Network/privateDnsZones/*"]),
  "Azure: a role over machines that may not run commands": role(["Microsoft.Compute/virtualMachines/*"], {
    notActions: [
      "Microsoft.Compute/virtualMachines/extensions/*",
      "Microsoft.Compute/virtualMachines/runCommand*/*",
      "Microsoft.Compute/virtualMachines/loginAsAdmin/action",
    ],
  }),
  "Azure: a database for one office": one("azure-native:sql:FirewallRule", {
    startIpAddress: "203.0.113.7",
    endIpAddress: "203.0.113.7",
  }),
  "Azure: a registry": one("azure-native:containerregistry:Registry", { adminUserEnabled: false }),
  "Azure: an app": one("azure-native:web:WebApp", {
    httpsOnly: true,
    siteConfig: { minTlsVersion: "1.2", ftpsState: "Disabled", cors: { allowedOrigins: ["https://www.example.com"] } },
  }),
  "Azure: a cache": one("azure-native:redis:Redis", { enableNonSslPort: false, minimumTlsVersion: "1.2" }),
  "Azure: a cluster for administrators": one("azure-native:containerservice:ManagedCluster", {
    enableRBAC: true,
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
  }),
  "Azure: a web server in a container": one("azure-native:containerinstance:ContainerGroup", {
    ipAddress: { type: "Public", ports: [{ port: 80, protocol: "TCP" }] },
  }),
  "Azure: a worker in a container": one("azure-native:containerinstance:ContainerGroup", {
    ipAddress: { type: "Private", ports: [{ port: 9000, protocol: "TCP" }] },
  }),
  "classic: the web from everybody": one("azure:network/networkSecurityGroup:NetworkSecurityGroup", {
    securityRules: [
      {
        name: "a",
        priority: 1,
        direction: "Inbound",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "*",
        destinationPortRange: "443",
      },
    ],
  }),
  "classic: from a group of applications": one("azure:network/networkSecurityRule:NetworkSecurityRule", {
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    destinationPortRange: "22",
    sourceApplicationSecurityGroupIds: ["x"],
  }),
  "classic: a machine": classicMachine({}),
  "classic: a machine with Secure Boot": classicMachine({ secureBootEnabled: true, vtpmEnabled: true }),
  "classic: an interface with a group before it": [
    one("azure:network/networkInterface:NetworkInterface", {
      name: "n",
      ipConfigurations: [{ name: "i", subnetId: "s", publicIpAddressId: "p", privateIpAddressAllocation: "Dynamic" }],
    }),
    one(
      "azure:network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation",
      {},
      "before",
    ),
  ],
  "classic: storage": classicStorage({}),
  "classic: storage for one network": classicStorage({
    publicNetworkAccessEnabled: true,
    networkRules: { defaultAction: "Deny", ipRules: ["203.0.113.7"] },
  }),
  "classic: storage with rules of its own": [
    classicStorage({ publicNetworkAccessEnabled: true }),
    one("azure:storage/accountNetworkRules:AccountNetworkRules", { defaultAction: "Deny" }, "rules"),
  ],
  "classic: a private container": one("azure:storage/container:Container", {
    name: "c",
    containerAccessType: "private",
  }),
  "classic: a vault": classicVault({}),
  "classic: a vault of before": classicVault({ rbacAuthorizationEnabled: undefined, enableRbacAuthorization: true }),
  "classic: a disk that stays": one("azure:compute/managedDisk:ManagedDisk", { networkAccessPolicy: "DenyAll" }),
  "classic: Reader by its name": one("azure:authorization/assignment:Assignment", {
    scope: SUBSCRIPTION,
    roleDefinitionName: "Reader",
  }),
});

const ofCloudflare = casesOf(undefined, {
  "Cloudflare: a service behind Access": route("http://web:8080"),
  "Cloudflare: a socket of a service": route("unix:/run/gunicorn/app.sock"),
  "Cloudflare: SSH to one machine": route("ssh://127.0.0.1:22"),
  "Cloudflare: the loopback": route("http://localhost:3000"),
  "Cloudflare: a service with TLS": route("https://web.example.org", {
    originRequest: { originServerName: "web.example.org" },
  }),
  "Cloudflare: a status": [tunnel([{ hostname: "gone.example.com", service: "http_status:410" }])],
  "Cloudflare: a tunnel of before": [
    cloudflare("tunnelConfig", {
      config: {
        ingressRules: [{ hostname: "a.example.com", service: "http://web:1" }, { service: "http_status:404" }],
      },
    }),
    guard(),
  ],
  "Cloudflare: an application of before": [
    tunnel([{ hostname: "a.example.com", service: "http://web:1" }]),
    cloudflare(
      "accessApplication",
      { domain: "a.example.com", type: "self_hosted", sessionDuration: "24h", policies: ["x"] },
      "app",
    ),
  ],
  "Cloudflare: one person": policy({ includes: people }),
  "Cloudflare: people of one's own domain": policy({ includes: [{ emailDomain: { domain: "example.com" } }] }),
  "Cloudflare: people in a country": policy({ includes: people, requires: [{ geo: { countryCode: "DE" } }] }),
  "Cloudflare: people with a second factor": policy({
    includes: people,
    requires: [{ authMethod: { authMethod: "mfa" } }],
  }),
  "Cloudflare: everyone of a group": policy({ includes: [{ everyone: {} }], requires: [{ group: { id: "x" } }] }),
  "Cloudflare: everyone on a known device": policy({
    includes: [{ everyone: {} }],
    requires: [{ devicePosture: { integrationUid: "x" } }],
  }),
  "Cloudflare: one program's token": policy({
    decision: "non_identity",
    includes: [{ serviceToken: { tokenId: "x" } }],
  }),
  "Cloudflare: people of a provider's group": policy({
    includes: [{ okta: { name: "ops", identityProviderId: "x" } }],
  }),
  "Cloudflare: an organization's members": policy({
    includes: [{ githubOrganization: { name: "example", identityProviderId: "x" } }],
  }),
  "Cloudflare: one office passes": policy({ decision: "bypass", includes: [{ ip: { ip: "203.0.113.0/24" } }] }),
  "Cloudflare: two offices pass": policy({
    decision: "bypass",
    includes: [{ ip: { ip: "203.0.113.0/24" } }, { ip: { ip: "198.51.100.0/24" } }],
  }),
  "Cloudflare: a country is refused": policy({ decision: "deny", includes: [{ geo: { countryCode: "XX" } }] }),
  "Cloudflare: a policy of before": cloudflare("accessPolicy", {
    decision: "allow",
    includes: [{ emails: ["operator@example.com"], emailDomains: ["example.com"], everyone: false, ips: [] }],
  }),
  "Cloudflare: a group of before": cloudflare("accessGroup", { includes: [{ emailDomains: ["example.com"] }] }),
  "Cloudflare: a session of a day": guard({ sessionDuration: "24h" }),
  "Cloudflare: a page of one's own": guard({
    corsHeaders: { allowedOrigins: ["https://www.example.com"], allowCredentials: true },
  }),
  "Cloudflare: a link": guard({ type: "bookmark", sessionDuration: undefined }),
  "Cloudflare: a program's token for a year": cloudflare("zeroTrustAccessServiceToken", {
    name: "t",
    duration: "8760h",
  }),
  "Cloudflare: a route to one machine": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "10.1.2.3/32" }),
  "Cloudflare: a route to a subnet": cloudflare("zeroTrustTunnelCloudflaredRoute", { network: "10.20.0.0/16" }),
  "Cloudflare: a proxied record": record({ proxied: true }),
  "Cloudflare: a record of a tunnel": record({ type: "CNAME", content: "x.cfargotunnel.com", proxied: true }),
  "Cloudflare: a mail server": record({ name: "mail", proxied: false }),
  "Cloudflare: where mail goes": record({ name: "@", type: "MX", content: "mail.example.com", priority: 10 }),
  "Cloudflare: who may send mail": record({ name: "@", type: "TXT", content: "v=spf1 -all" }),
  "Cloudflare: a proof of a name": record({ name: "_acme-challenge", type: "CNAME", content: "x.acme.example.org" }),
  "Cloudflare: an address of the house": record({ name: "nas", content: "192.168.1.10", proxied: false }),
  "Cloudflare: a record of before": cloudflare("record", {
    name: "www",
    type: "A",
    value: "203.0.113.5",
    proxied: true,
  }),
  "Cloudflare: a strict zone": cloudflare("zoneSettingsOverride", {
    settings: {
      ssl: "strict",
      minTlsVersion: "1.2",
      alwaysUseHttps: "on",
      securityLevel: "medium",
      brotli: "on",
      websockets: "off",
    },
  }),
  "Cloudflare: TLS 1.3": cloudflare("zoneSetting", { settingId: "min_tls_version", value: "1.3" }),
  "Cloudflare: speed": cloudflare("zoneSetting", { settingId: "rocket_loader", value: "off" }),
  "Cloudflare: pages that are kept": cloudflare("pageRule", {
    target: "x/*",
    actions: { cacheLevel: "cache_everything", ssl: "strict" },
  }),
  "Cloudflare: skipped for one address": skip("ip.src eq 203.0.113.7"),
  "Cloudflare: skipped for a list": skip("ip.src in $office"),
  "Cloudflare: skipped for a path": skip('http.request.uri.path eq "/hooks/github"'),
  "Cloudflare: skipped for one office in a country": skip('ip.src in {203.0.113.0/24} and ip.geoip.country eq "DE"'),
  "Cloudflare: skipped for known crawlers": skip("cf.client.bot"),
  "Cloudflare: skipped for a certificate": skip("cf.tls_client_auth.cert_verified"),
  "Cloudflare: skipped for a path and a method": skip(
    '(http.request.uri.path eq "/a" and http.request.method eq "POST")',
  ),
  "Cloudflare: a country refused": cloudflare("ruleset", {
    phase: "http_request_firewall_custom",
    rules: [{ action: "block", expression: 'ip.geoip.country eq "XX"' }],
  }),
  "Cloudflare: the managed rules": cloudflare("ruleset", {
    phase: "http_request_firewall_managed",
    rules: [{ action: "execute", expression: "true", actionParameters: { id: "x" } }],
  }),
  "Cloudflare: names of before lead on": cloudflare("ruleset", {
    phase: "http_request_dynamic_redirect",
    rules: [{ action: "redirect", expression: "true" }],
  }),
  "Cloudflare: one office let in": cloudflare("accessRule", {
    mode: "whitelist",
    configuration: { target: "ip", value: "203.0.113.7" },
  }),
  "Cloudflare: a country challenged": cloudflare("accessRule", {
    mode: "challenge",
    configuration: { target: "country", value: "XX" },
  }),
  "Cloudflare: a closed bucket": cloudflare("r2ManagedDomain", { bucketName: "b", enabled: false }),
  "Cloudflare: a bucket that pages read": cloudflare("r2BucketCors", {
    rules: [{ allowed: { origins: ["*"], methods: ["GET", "HEAD"] } }],
  }),
  "Cloudflare: a token for a zone": cloudflare("apiToken", {
    name: "t",
    policies: [
      { effect: "allow", permissionGroups: [{ id: "x" }], resources: '{"com.cloudflare.api.account.zone.abc":"*"}' },
    ],
  }),
  "Cloudflare: a token for the zones of an account": cloudflare("apiToken", {
    name: "t",
    policies: [{ effect: "allow", permissionGroups: ["x"], resources: { "com.cloudflare.api.account.abc": "*" } }],
    condition: { requestIp: { ins: ["203.0.113.0/24"] } },
  }),
});

const unrelated = [
  ...["azure-native:resources:ResourceGroup", "azure-native:network:VirtualNetwork", "azure-native:network:NatGateway"],
  ...[
    "azure-native:network:PublicIPAddress",
    "azure-native:network:Subnet",
    "azure-native:managedidentity:UserAssignedIdentity",
  ],
  ...[
    "azure-native:operationalinsights:Workspace",
    "azure-native:privatedns:PrivateZone",
    "azure:core/resourceGroup:ResourceGroup",
  ],
  ...["azure:network/virtualNetwork:VirtualNetwork", "azure:network/publicIp:PublicIp", "cloudflare:index/zone:Zone"],
  ...["cloudflare:index/workersKvNamespace:WorkersKvNamespace", "cloudflare:index/r2Bucket:R2Bucket"],
].map((type): CloudCase => ({
  title: type,
  resources: [one(type, { name: "example", location: "westeurope", tags: { team: "x" } })],
}));

export const harmless: readonly CloudCase[] = [...azure, ...ofCloudflare, ...unrelated];
