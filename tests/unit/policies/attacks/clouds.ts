import type { CloudCase } from "../clouds/build.ts";
import { assignment, azure, casesOf, classic, cloudflare, list, skip, SUBSCRIPTION } from "../clouds/build.ts";

const OPEN = { publicNetworkAccess: "Enabled" };
const EVERYBODY = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** What an attacker made up against the rules on clouds before they knew these kinds. */
export const dangerousClouds: readonly CloudCase[] = [
  ...casesOf("azure", {
    "PostgreSQL for everybody": azure("dbforpostgresql:Server", { network: OPEN }),
    "MySQL for everybody": azure("dbformysql:Server", { network: OPEN }),
    "SQL Server for everybody": azure("sql:Server", OPEN),
    "event hubs for everybody, with keys": azure("eventhub:Namespace", { ...OPEN, disableLocalAuth: false }),
    "a service bus that allows by default": azure("servicebus:NamespaceNetworkRuleSet", { defaultAction: "Allow" }),
    "a search service for everybody": azure("search:Service", {
      publicNetworkAccess: "enabled",
      disableLocalAuth: false,
    }),
    "settings for everybody": azure("appconfiguration:ConfigurationStore", { ...OPEN, disableLocalAuth: false }),
    "a container app with SSH": azure("app:ContainerApp", {
      configuration: { ingress: { external: true, targetPort: 22, transport: "tcp", exposedPort: 22 } },
    }),
    "a container app over plain HTTP": azure("app:ContainerApp", {
      configuration: { ingress: { external: true, targetPort: 8080, allowInsecure: true } },
    }),
    "a workspace for machine learning, for everybody": azure("machinelearningservices:Workspace", OPEN),
    "SSH to a notebook's machine": azure("machinelearningservices:Compute", {
      properties: { computeType: "ComputeInstance", properties: { sshSettings: { sshPublicAccess: "Enabled" } } },
    }),
    "nodes with public addresses": azure("containerservice:AgentPool", { enableNodePublicIP: true }),
    "a cluster with local accounts": azure("containerservice:ManagedCluster", { disableLocalAccounts: false }),
    "a link to a machine's console for whoever has it": azure("network:BastionHost", { enableShareableLink: true }),
    "reading all data of a subscription": assignment("c12c1c16-33a1-487b-954d-41c89c60f349"),
    "Windows Admin Center as an administrator": assignment("a6333a3e-0164-44c3-b281-7a577aff287f"),
    "another company's contributors": azure("managedservices:RegistrationDefinition", {
      scope: SUBSCRIPTION,
      properties: {
        managedByTenantId: "00000000-0000-0000-0000-000000000009",
        authorizations: [{ principalId: "x", roleDefinitionId: CONTRIBUTOR }],
      },
    }),
    "a repository of anybody takes on an identity": azure("managedidentity:FederatedIdentityCredential", {
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:*",
      audiences: ["api://AzureADTokenExchange"],
    }),
    "FTP with a password": azure("web:WebAppFtpAllowed", { name: "app", allow: true }),
    "a web firewall that only watches": azure("network:WebApplicationFirewallPolicy", {
      policySettings: { state: "Enabled", mode: "Detection" },
    }),
    "a web firewall that is off": azure("network:ApplicationGateway", {
      webApplicationFirewallConfiguration: { enabled: false, firewallMode: "Prevention" },
    }),
    "a workflow that anybody starts": azure("logic:Workflow", {
      accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: "0.0.0.0-255.255.255.255" }] } },
    }),
    "a data explorer for everybody": azure("kusto:Cluster", OPEN),
    "a warehouse for everybody": azure("synapse:IpFirewallRule", EVERYBODY),
    "a cache in clear": azure("redisenterprise:Database", { clientProtocol: "Plaintext" }),
    "a document database for everybody": azure("mongocluster:FirewallRule", { properties: EVERYBODY }),
    "SSH to the nodes of a batch": azure("batch:Pool", {
      networkConfiguration: {
        endpointConfiguration: {
          inboundNatPools: [
            {
              name: "ssh",
              backendPort: 22,
              protocol: "TCP",
              networkSecurityGroupRules: [{ priority: 150, access: "Allow", sourceAddressPrefix: "*" }],
            },
          ],
        },
      },
    }),
    "SSH on request, from anywhere": azure("security:JitNetworkAccessPolicy", {
      kind: "Basic",
      virtualMachines: [{ id: "m", ports: [{ number: 22, protocol: "*", allowedSourceAddressPrefix: "*" }] }],
    }),
    "a database without TLS": azure("dbforpostgresql:Configuration", {
      configurationName: "require_secure_transport",
      value: "off",
    }),
    "PostgreSQL for everybody, in classic": classic("postgresql/flexibleServer:FlexibleServer", {
      publicNetworkAccessEnabled: true,
    }),
    "SQL Server for everybody, in classic": classic("mssql/server:Server", { publicNetworkAccessEnabled: true }),
    "event hubs for everybody, in classic": classic("eventhub/eventHubNamespace:EventHubNamespace", {
      publicNetworkAccessEnabled: true,
      localAuthenticationEnabled: true,
    }),
    "SSH by a rule of a classic firewall": classic("network/firewallNatRuleCollection:FirewallNatRuleCollection", {
      action: "Dnat",
      priority: 100,
      rules: [{ protocols: ["TCP"], sourceAddresses: ["*"], destinationPorts: ["2222"], translatedPort: "22" }],
    }),
    "any to any by a firewall": azure("network:AzureFirewall", {
      networkRuleCollections: [
        {
          action: { type: "Allow" },
          rules: [{ protocols: ["Any"], sourceAddresses: ["*"], destinationAddresses: ["*"], destinationPorts: ["*"] }],
        },
      ],
    }),
  }),
  ...casesOf("cloudflare", {
    "a policy of Gateway that allows everything first": cloudflare("zeroTrustGatewayPolicy", {
      action: "allow",
      precedence: 1,
      filters: ["l4"],
      traffic: "net.dst.ip in {0.0.0.0/0}",
    }),
    "a proxy for everybody": cloudflare("zeroTrustGatewayProxyEndpoint", { name: "p", ips: ["0.0.0.0/0"] }),
    "a check of health that takes any certificate": cloudflare("loadBalancerMonitor", {
      type: "https",
      allowInsecure: true,
    }),
    "origins that anybody may ask": cloudflare("authenticatedOriginPullsSettings", { enabled: false }),
    "a lockdown for everybody": cloudflare("zoneLockdown", {
      urls: ["a.example.com/admin/*"],
      configurations: [{ target: "ip_range", value: "0.0.0.0/0" }],
    }),
    "a list of halves that a rule lets pass": [list("0.0.0.0/1", "128.0.0.0/1"), skip("ip.src in $office")],
    "all but one address": skip("not ip.src in {192.0.2.1}"),
    "any path, by a wildcard": skip('http.request.uri.path wildcard "*"'),
    "any path, by its length": skip("len(http.request.uri.path) gt 0"),
    "a Worker past Access": cloudflare("workersScriptSubdomain", { scriptName: "w", enabled: true }),
    "devices that go past Gateway": cloudflare("zeroTrustSplitTunnel", {
      mode: "exclude",
      tunnels: [{ address: "0.0.0.0/0" }],
    }),
    "every port to the origin": cloudflare("spectrumApplication", {
      protocol: "tcp/1-65535",
      originDirects: ["tcp://203.0.113.5:1-65535"],
    }),
    "a database to the internet": cloudflare("spectrumApplication", {
      protocol: "tcp/5432",
      originDirects: ["tcp://203.0.113.5:5432"],
    }),
    "a zone that anybody copies": cloudflare("dnsZoneTransfersAcl", { name: "a", ipRange: "0.0.0.0/0" }),
  }),
];
