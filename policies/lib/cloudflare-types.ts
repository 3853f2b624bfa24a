import type { Move } from "./translation.ts";
import { moves } from "./translation.ts";

/** Type tokens of the Cloudflare provider, by the present names of its resources. */
export const cloudflare = {
  accessApplication: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
  accessGroup: "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
  accessPolicy: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
  accessRule: "cloudflare:index/accessRule:AccessRule",
  accountToken: "cloudflare:index/accountToken:AccountToken",
  apiToken: "cloudflare:index/apiToken:ApiToken",
  bucketCors: "cloudflare:index/r2BucketCors:R2BucketCors",
  bucketDomain: "cloudflare:index/r2CustomDomain:R2CustomDomain",
  customHostname: "cloudflare:index/customHostname:CustomHostname",
  defaultDevices: "cloudflare:index/zeroTrustDeviceDefaultProfile:ZeroTrustDeviceDefaultProfile",
  devices: "cloudflare:index/zeroTrustDeviceCustomProfile:ZeroTrustDeviceCustomProfile",
  deviceSettings: "cloudflare:index/zeroTrustDeviceSettings:ZeroTrustDeviceSettings",
  dnsRecord: "cloudflare:index/dnsRecord:DnsRecord",
  filter: "cloudflare:index/filter:Filter",
  firewallRule: "cloudflare:index/firewallRule:FirewallRule",
  gatewayPolicy: "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy",
  gatewayProxy: "cloudflare:index/zeroTrustGatewayProxyEndpoint:ZeroTrustGatewayProxyEndpoint",
  healthCheck: "cloudflare:index/healthcheck:Healthcheck",
  hostnameRoute: "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute",
  hostnameTls: "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting",
  list: "cloudflare:index/list:List",
  listItem: "cloudflare:index/listItem:ListItem",
  lockdown: "cloudflare:index/zoneLockdown:ZoneLockdown",
  managedBucketDomain: "cloudflare:index/r2ManagedDomain:R2ManagedDomain",
  monitor: "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor",
  originPulls: "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls",
  originPullsSettings: "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
  pageRule: "cloudflare:index/pageRule:PageRule",
  ruleset: "cloudflare:index/ruleset:Ruleset",
  serviceToken: "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
  spectrum: "cloudflare:index/spectrumApplication:SpectrumApplication",
  splitTunnel: "cloudflare:index/zeroTrustSplitTunnel:ZeroTrustSplitTunnel",
  transfers: "cloudflare:index/dnsZoneTransfersAcl:DnsZoneTransfersAcl",
  tunnel: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
  tunnelConfig: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
  tunnelRoute: "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute",
  workerSubdomain: "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
  zoneSetting: "cloudflare:index/zoneSetting:ZoneSetting",
  zoneSettings: "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride",
} as const;

/** What release 5 of the provider names otherwise than release 6, by the present type. */
export const formerNames: ReadonlyMap<string, readonly Move[]> = new Map<string, readonly Move[]>([
  [
    cloudflare.accessApplication,
    [{ from: "policies.*", to: "policies.*.id", change: (id) => (typeof id === "string" ? id : undefined) }],
  ],
  [cloudflare.dnsRecord, moves("value > content")],
  [cloudflare.tunnel, moves("secret > tunnelSecret")],
  [cloudflare.tunnelConfig, moves("config.ingressRules > config.ingresses")],
]);

const CRITERIA = [
  "anyValidServiceToken",
  "authMethod.authMethod",
  "geo.countryCode",
  "email.email",
  "emailDomain.domain",
  "everyone",
  "group.id",
  "ip.ip",
];
const criteria = (list: string) => CRITERIA.map((name) => `${list}.${name}`);
const POLICY = ["name", "decision", ...criteria("includes"), ...criteria("requires")];

/**
 * The inputs that the rules and their examples use, by type: paths without the positions in lists. They are the names
 * in the declarations of @pulumi/cloudflare 6.22.1.
 */
export const cloudflareProperties: Readonly<Record<string, readonly string[]>> = {
  [cloudflare.accessApplication]: [
    "accountId",
    "name",
    "type",
    "domain",
    "selfHostedDomains",
    "destinations.type",
    "destinations.uri",
    "policies.id",
    "policies.precedence",
    "corsHeaders.allowAllOrigins",
    "corsHeaders.allowCredentials",
    "corsHeaders.allowedOrigins",
    "httpOnlyCookieAttribute",
    "sessionDuration",
    ...POLICY.map((name) => `policies.${name}`),
  ],
  [cloudflare.accessGroup]: ["accountId", "name", ...criteria("includes"), ...criteria("requires")],
  [cloudflare.accessPolicy]: ["accountId", ...POLICY],
  [cloudflare.accessRule]: ["zoneId", "mode", "configuration.target", "configuration.value"],
  [cloudflare.apiToken]: ["name", "policies.effect", "policies.permissionGroups.id", "policies.resources"],
  [cloudflare.defaultDevices]: ["accountId", "allowModeSwitch", "allowedToLeave", "excludes.address", "switchLocked"],
  [cloudflare.filter]: ["zoneId", "id", "expression", "paused"],
  // Of release 5; in release 6 the filter is in the rule, and the action is an object.
  [cloudflare.firewallRule]: ["zoneId", "action", "filterId"],
  [cloudflare.gatewayProxy]: ["accountId", "name", "ips"],
  [cloudflare.gatewayPolicy]: ["accountId", "name", "action", "precedence", "traffic"],
  [cloudflare.hostnameRoute]: ["accountId", "hostname", "tunnelId"],
  [cloudflare.list]: ["accountId", "kind", "name", "items.ip"],
  [cloudflare.lockdown]: ["zoneId", "urls", "configurations.target", "configurations.value"],
  [cloudflare.monitor]: ["accountId", "type", "allowInsecure"],
  [cloudflare.originPulls]: ["zoneId", "configs.certId", "configs.enabled", "configs.hostname"],
  [cloudflare.spectrum]: ["zoneId", "protocol", "dns.name", "dns.type", "originDirects"],
  [cloudflare.workerSubdomain]: ["accountId", "scriptName", "enabled"],
  [cloudflare.bucketCors]: ["accountId", "bucketName", "rules.allowed.methods", "rules.allowed.origins"],
  [cloudflare.managedBucketDomain]: ["accountId", "bucketName", "enabled"],
  [cloudflare.pageRule]: ["zoneId", "target", "actions.disableSecurity"],
  [cloudflare.ruleset]: ["zoneId", "name", "kind", "phase", "rules.action", "rules.expression"],
  [cloudflare.tunnelRoute]: ["accountId", "tunnelId", "network"],
  // Of release 5; release 6 has one resource for each setting.
  [cloudflare.zoneSettings]: ["zoneId", "settings"],
  [cloudflare.dnsRecord]: ["zoneId", "name", "type", "content", "ttl", "proxied"],
  [cloudflare.tunnel]: ["accountId", "name", "configSrc", "tunnelSecret"],
  [cloudflare.tunnelConfig]: [
    "accountId",
    "tunnelId",
    "config.ingresses.hostname",
    "config.ingresses.path",
    "config.ingresses.service",
    "config.ingresses.originRequest.noTlsVerify",
    "config.ingresses.originRequest.access.audTags",
    "config.ingresses.originRequest.access.required",
    "config.ingresses.originRequest.access.teamName",
    "config.originRequest.noTlsVerify",
  ],
  [cloudflare.zoneSetting]: ["zoneId", "settingId", "value"],
};
