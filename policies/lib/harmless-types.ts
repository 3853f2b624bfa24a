/** What groups, names, watches or routes within a network: it opens nothing by itself. */
const AZURE_NATIVE: Readonly<Record<string, string>> = {
  authorization:
    "ManagementLockAtResourceGroupLevel ManagementLockAtSubscriptionLevel PolicyAssignment PolicyDefinition",
  compute:
    "AvailabilitySet CapacityReservation DedicatedHostGroup DiskEncryptionSet ProximityPlacementGroup SshPublicKey",
  consumption: "Budget",
  costmanagement: "Budget",
  insights: "ActionGroup ActivityLogAlert AutoscaleSetting Component DiagnosticSetting MetricAlert ScheduledQueryRule",
  managedidentity: "UserAssignedIdentity",
  monitor: "ActionGroup ActivityLogAlert DataCollectionRule DataCollectionRuleAssociation DiagnosticSetting",
  network:
    "ApplicationSecurityGroup DdosProtectionPlan NatGateway NetworkWatcher PrivateEndpoint " +
    "PublicIPPrefix RouteTable Route VirtualNetwork Zone RecordSet",
  operationalinsights: "Workspace",
  privatedns: "PrivateZone PrivateRecordSet VirtualNetworkLink",
  recoveryservices: "Vault ProtectionPolicy ProtectedItem",
  resources: "ResourceGroup TagAtScope",
  security: "Pricing SecurityContact",
};

const AZURE: readonly string[] = [
  "core/resourceGroup core/subscription consumption/budgetResourceGroup consumption/budgetSubscription",
  "compute/availabilitySet compute/dataDiskAttachment compute/diskEncryptionSet compute/sshPublicKey",
  "authorization/userAssignedIdentity monitoring/actionGroup monitoring/metricAlert monitoring/diagnosticSetting",
  "network/applicationSecurityGroup network/bastionHost network/natGateway network/natGatewayPublicIpAssociation",
  "network/networkInterfaceSecurityGroupAssociation network/subnetNetworkSecurityGroupAssociation",
  "network/networkInterfaceApplicationSecurityGroupAssociation network/subnetNatGatewayAssociation",
  "network/subnetRouteTableAssociation network/route network/routeTable network/virtualNetwork network/publicIpPrefix",
  "lb/backendAddressPool lb/probe lb/loadBalancer network/networkInterfaceBackendAddressPoolAssociation",
  "privatedns/zone privatedns/aRecord privatedns/cnameRecord privatedns/zoneVirtualNetworkLink privatelink/endpoint",
  "dns/zone dns/aRecord dns/aaaaRecord dns/cNameRecord dns/mxRecord dns/txtRecord dns/caaRecord",
  "operationalinsights/analyticsWorkspace appinsights/insights",
];

const CLOUDFLARE =
  "account accessTag accessCustomPage emailRoutingAddress emailRoutingDns emailRoutingRule " +
  "notificationPolicy pagesDomain regionalHostname tieredCache universalSslSetting workersKvNamespace " +
  "workerCronTrigger workersCronTrigger workersCustomDomain workersRoute workerDomain workerRoute zone zoneDnssec " +
  "zeroTrustAccessTag zeroTrustAccessCustomPage zeroTrustTunnelVirtualNetwork tunnelVirtualNetwork r2Bucket " +
  "zeroTrustTunnelCloudflaredVirtualNetwork d1Database queue workersKv zoneCacheReserve";

const DOCKER = "index/tag:Tag index/volume:Volume";

/** Types of the providers in scope that no rule has to look at. */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...Object.entries(AZURE_NATIVE).flatMap(([module, names]) =>
    names.split(" ").map((name) => `azure-native:${module}:${name}`),
  ),
  ...AZURE.flatMap((line) => line.split(" ")).map((path) => `azure:${path}:${capitalized(path.split("/")[1] ?? "")}`),
  ...CLOUDFLARE.split(" ").map((name) => `cloudflare:index/${name}:${capitalized(name)}`),
  ...DOCKER.split(" ").map((path) => `docker:${path}`),
]);

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
