import { classic } from "./azure-classic.ts";

/** Pulumi type tokens that the rules know. */
export const type = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  service: "docker:index/service:Service",
  plugin: "docker:index/plugin:Plugin",
  dockerProvider: "pulumi:providers:docker",
  remoteImage: "docker:index/remoteImage:RemoteImage",
  registryImage: "docker:index/registryImage:RegistryImage",
  image: "docker:index/image:Image",
  buildImage: "docker-build:index:Image",
  buildIndex: "docker-build:index:Index",
  builder: "docker:index/buildxBuilder:BuildxBuilder",
  swarmSecret: "docker:index/secret:Secret",
  swarmConfig: "docker:index/serviceConfig:ServiceConfig",
  hardenedContainer: "garrison:container:HardenedContainer",
  preparedHost: "garrison:container:PreparedHost",
  pidLimits: "garrison:container:PidLimits",
  machine: "garrison:stack:Machine",
  hostFiles: "garrison:files:HostFiles",
  hostFirewall: "garrison:firewall:HostFirewall",
} as const;

/** Resources that have labels, by which they can waive a rule. */
export const LABELLED: readonly string[] = [type.container, type.service, type.volume, type.network];

// A version of the API in the module, as in `azure-native:network/v20240101:Subnet`, or in the name of a package that
// was generated for one version, as in `azure-native_network_v20240101:network:Subnet`.
const AZURE = /^azure-(?:native|nextgen)(?:_\w+)?:(\w+)(?:\/\w+)?:(\w+)$/;

/** Cloudflare's resources under their former names, which the SDK still has. */
const FORMER: ReadonlyMap<string, string> = new Map(
  [
    ["argoTunnel", "zeroTrustTunnelCloudflared"],
    ["tunnel", "zeroTrustTunnelCloudflared"],
    ["tunnelConfig", "zeroTrustTunnelCloudflaredConfig"],
    ["accessApplication", "zeroTrustAccessApplication"],
    ["accessPolicy", "zeroTrustAccessPolicy"],
    ["accessGroup", "zeroTrustAccessGroup"],
    ["record", "dnsRecord"],
    ["accessServiceToken", "zeroTrustAccessServiceToken"],
    ["tunnelRoute", "zeroTrustTunnelCloudflaredRoute"],
    ["zeroTrustTunnelRoute", "zeroTrustTunnelCloudflaredRoute"],
    ["workerScript", "workersScript"],
    ["teamsProxyEndpoint", "zeroTrustGatewayProxyEndpoint"],
    ["teamsRule", "zeroTrustGatewayPolicy"],
    ["splitTunnel", "zeroTrustSplitTunnel"],
    ["deviceSettingsPolicy", "zeroTrustDeviceCustomProfile"],
    ["zeroTrustDeviceProfiles", "zeroTrustDeviceCustomProfile"],
  ].map(([before = "", now = ""]) => [cloudflareToken(before), cloudflareToken(now)]),
);

/**
 * The one token that rules know a resource by: without a version of the API, under its present name, and of Azure Native
 * where @pulumi/azure has the same resource.
 */
export function plainType(token: string): string {
  if (token.startsWith("azure-")) return token.replace(AZURE, "azure-native:$1:$2");
  return FORMER.get(token) ?? classic.get(token)?.type ?? token;
}

function cloudflareToken(name: string): string {
  return `cloudflare:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
