import type { CloudCase } from "./build.ts";
import { casesOf, classicStorage, cloudflare, group, one, role } from "./build.ts";

const PASSWORD = "Summer-2024!";
const UDP = { sourceAddressPrefix: "*", protocol: "Udp" };

function marked(type: string, properties: Readonly<Record<string, unknown>>, ...secrets: readonly string[]) {
  return { ...one(type, properties), secrets };
}

export const harmlessServices: readonly CloudCase[] = casesOf(undefined, {
  "Azure: ports for calls over UDP": group({ ...UDP, destinationPortRange: "10000-20000" }),
  "Azure: a tunnel over UDP": group({ ...UDP, destinationPortRange: "51820" }),
  "Azure: a load balancer of the web that is asked at port 22": one("azure-native:network:LoadBalancer", {
    frontendIPConfigurations: [{ name: "f", publicIPAddress: { id: "p" } }],
    loadBalancingRules: [{ name: "r", frontendPort: 80, backendPort: 8080, protocol: "Tcp" }],
    probes: [{ name: "p", port: 22, protocol: "Tcp" }],
  }),
  "Azure: a load balancer within a network": one("azure-native:network:LoadBalancer", {
    frontendIPConfigurations: [{ name: "f", subnet: { id: "s" } }],
    loadBalancingRules: [{ name: "r", frontendPort: 22, backendPort: 22, protocol: "Tcp" }],
  }),
  "Azure: a role that reads of secrets": role(["Microsoft.KeyVault/vaults/read"], {
    dataActions: ["Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
  }),
  "Azure: a role that reads logs of containers": role([
    "Microsoft.ContainerInstance/containerGroups/read",
    "Microsoft.ContainerInstance/containerGroups/containers/logs/read",
  ]),
  "Azure: a script that reads a password": one("azure-native:compute:VirtualMachineRunCommandByVirtualMachine", {
    source: { script: 'mkdir -p /var/backup && mysql -u root -p"$(cat /run/secrets/db)" -P 3306 < /opt/schema.sql' },
  }),
  "Azure: a slot": one("azure-native:web:WebAppSlot", { httpsOnly: true, siteConfig: { minTlsVersion: "1.3" } }),
  "Azure: a model for one network": one("azure-native:cognitiveservices:Account", {
    properties: {
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] },
    },
  }),
  "Azure: a container app's secret in a vault": one("azure-native:app:ContainerApp", {
    configuration: {
      secrets: [{ name: "db-password", keyVaultUrl: "https://v.vault.azure.net/secrets/db", identity: "system" }],
    },
    template: { containers: [{ name: "web", env: [{ name: "DB_PASSWORD", secretRef: "db-password" }] }] },
  }),
  "Azure: a container app's secret that is marked": marked(
    "azure-native:app:ContainerApp",
    { configuration: { secrets: [{ name: "db", value: PASSWORD }] } },
    "configuration.secrets",
  ),
  "Azure: parameters of a template": one("azure-native:resources:Deployment", {
    properties: {
      parameters: {
        adminPassword: { reference: { keyVault: { id: "v" }, secretName: "admin-password" } },
        passwordLength: { value: "24" },
        tokenName: { value: "reader" },
      },
      template: { parameters: { adminPassword: { type: "securestring" } } },
    },
  }),
  "classic: a cluster for administrators": one("azure:containerservice/kubernetesCluster:KubernetesCluster", {
    roleBasedAccessControlEnabled: true,
    apiServerAccessProfile: { authorizedIpRanges: ["203.0.113.0/24"] },
  }),
  "classic: a web server in a container": one("azure:containerservice/group:Group", {
    ipAddressType: "Public",
    containers: [{ name: "c", ports: [{ port: 443, protocol: "TCP" }] }],
  }),
  "classic: a worker in a container": one("azure:containerservice/group:Group", {
    ipAddressType: "Private",
    containers: [{ name: "c", ports: [{ port: 5432, protocol: "TCP" }] }],
  }),
  "classic: a model within a network": one("azure:cognitive/account:Account", { publicNetworkAccessEnabled: false }),
  "classic: rules of their own for one office": [
    classicStorage({ publicNetworkAccessEnabled: true }),
    one("azure:storage/accountNetworkRules:AccountNetworkRules", { defaultAction: "Deny", ipRules: ["203.0.113.7"] }),
  ],
  "Cloudflare: a Worker's words": cloudflare("workersScript", {
    content: "x",
    bindings: [
      { type: "plain_text", name: "STAGE", text: "production" },
      { type: "plain_text", name: "TOKEN_ISSUER", text: "https://auth.example.com" },
    ],
  }),
  "Cloudflare: a Worker's secret that is marked": marked(
    "cloudflare:index/workersScript:WorkersScript",
    { content: "x", bindings: [{ type: "secret_text", name: "DB", text: PASSWORD }] },
    "bindings",
  ),
  "Cloudflare: a Pages project": cloudflare("pagesProject", {
    deploymentConfigs: { production: { envVars: { NODE_VERSION: { type: "plain_text", value: "22" } } } },
  }),
  "Cloudflare: a name of a customer": cloudflare("customHostname", {
    hostname: "c.example.com",
    ssl: { method: "http", settings: { minTlsVersion: "1.2" } },
  }),
  "Cloudflare: a certificate's one name": cloudflare("zeroTrustAccessPolicy", {
    decision: "non_identity",
    includes: [{ commonName: { commonName: "agent-7.example.com" } }],
  }),
});
