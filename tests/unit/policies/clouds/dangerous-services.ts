import type { CloudCase } from "./build.ts";
import { base64, casesOf, classicStorage, cloudflare, machine, one, role } from "./build.ts";

const PASSWORD = "Summer-2024!";
const OPEN = { publicNetworkAccessEnabled: true };
const rulesOf = (properties: object) => [
  classicStorage(OPEN),
  one("azure:storage/accountNetworkRules:AccountNetworkRules", { storageAccountId: "s", ...properties }, "rules"),
];
const worker = (properties: object) => cloudflare("workersScript", { scriptName: "w", content: "x", ...properties });

// Without a sign at its end that says where it ends.
const UNPADDED =
  Array.from({ length: 3 }, (_, more) =>
    base64(`#!/bin/sh\nexport DB_PASSWORD=c0rrect-Horse-battery\n${"#".repeat(more)}`),
  ).find((text) => !text.endsWith("=")) ?? "";
const part = (text: string) =>
  `Content-Type: multipart/mixed; boundary="p"\n\n--p\nContent-Transfer-Encoding: base64\n\n${text}\n--p--\n`;
const born = (text: string) => machine({}, { customData: base64(text) });

export const dangerousServices: readonly CloudCase[] = [
  ...casesOf("azure.custom-data", {
    "a part that its boundary follows at once": born(part(UNPADDED)),
    "a heredoc that a word ends": born(`#!/bin/sh\nbase64 -d > /opt/a.sh <<DONE\n${UNPADDED}\nDONE\n`),
    "a file whose path comes last": born(
      `#cloud-config\nwrite_files:\n  - encoding: b64\n    content: ${UNPADDED}\n    permissions: "0700"\n`,
    ),
    "a password that the program tells": one("azure-native:compute:VirtualMachineRunCommandByVirtualMachine", {
      source: { script: "mysql -u root -pc0rrect-Horse-battery -e 'select 1'" },
    }),
  }),
  ...casesOf("azure.services", {
    "a classic cluster for everybody": one("azure:containerservice/kubernetesCluster:KubernetesCluster", {
      apiServerAccessProfile: { authorizedIpRanges: ["0.0.0.0/1", "128.0.0.0/1"] },
    }),
    "a classic cluster without roles": one("azure:containerservice/kubernetesCluster:KubernetesCluster", {
      roleBasedAccessControlEnabled: false,
    }),
    "SSH in a classic container": one("azure:containerservice/group:Group", {
      ipAddressType: "Public",
      containers: [{ name: "c", ports: [{ port: 22, protocol: "TCP" }] }],
    }),
    "a classic container, public as by default": one("azure:containerservice/group:Group", {
      exposedPorts: [{ port: 11434, protocol: "TCP" }],
    }),
    "a slot over plain HTTP": one("azure-native:web:WebAppSlot", { httpsOnly: false }),
    "a classic slot over plain HTTP": one("azure:appservice/linuxWebAppSlot:LinuxWebAppSlot", { httpsOnly: false }),
    "classic functions over plain HTTP": one("azure:appservice/windowsFunctionApp:WindowsFunctionApp", {
      httpsOnly: false,
    }),
    "a classic database of before": one("azure:postgresql/firewallRule:FirewallRule", {
      startIpAddress: "0.0.0.0",
      endIpAddress: "255.255.255.255",
    }),
    "a classic model for everybody": one("azure:cognitive/account:Account", OPEN),
    "a model for blocks that add up to everybody": one("azure-native:cognitiveservices:Account", {
      properties: {
        publicNetworkAccess: "Enabled",
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "0.0.0.0/1" }, { value: "128.0.0.0/1" }] },
      },
    }),
  }),
  ...casesOf("azure.storage-access", {
    "classic rules of their own that allow all": rulesOf({ defaultAction: "Allow" }),
    "classic rules of their own that add up": rulesOf({ defaultAction: "Deny", ipRules: ["8.0.0.0/9", "8.128.0.0/9"] }),
  }),
  ...casesOf("azure.network-openings", {
    "SSH balanced over machines": one("azure-native:network:LoadBalancer", {
      frontendIPConfigurations: [{ name: "f", publicIPAddress: { id: "p" } }],
      loadBalancingRules: [{ name: "r", frontendPort: 2022, backendPort: 22, protocol: "Tcp" }],
    }),
  }),
  ...casesOf("azure.identity-scope", {
    "a role that reads secrets": role([], { dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] }),
    "a role with machines' consoles": role(["Microsoft.SerialConsole/serialPorts/connect/action"]),
    "a role that runs commands in a cluster": role(["Microsoft.ContainerService/managedClusters/runcommand/action"]),
    "a role that runs commands in containers": role([
      "Microsoft.ContainerInstance/containerGroups/containers/exec/action",
    ]),
    "a role that runs commands on machines of a set": role([
      "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands/write",
    ]),
  }),
  ...casesOf("secret.plain-property", {
    "of a container app": one("azure-native:app:ContainerApp", {
      configuration: { secrets: [{ name: "db", value: PASSWORD }] },
    }),
    "of a classic container app": one("azure:containerapp/app:App", { secrets: [{ name: "db", value: PASSWORD }] }),
    "a secure variable in clear": one("azure-native:containerinstance:ContainerGroup", {
      containers: [{ name: "c", environmentVariables: [{ name: "DB", secureValue: PASSWORD }] }],
    }),
    "a parameter of a template": one("azure-native:resources:Deployment", {
      properties: { parameters: { adminPassword: { value: PASSWORD } } },
    }),
    "a default in a template": one("azure-native:resources:Deployment", {
      properties: { template: { parameters: { adminPassword: { type: "securestring", defaultValue: PASSWORD } } } },
    }),
    "of a Worker": worker({ bindings: [{ type: "secret_text", name: "DB", text: PASSWORD }] }),
    "of a Worker, in the words of before": worker({ secretTextBindings: [{ name: "DB", text: PASSWORD }] }),
    "of a Worker, by itself": cloudflare("workersSecret", { name: "DB", secretText: PASSWORD }),
    "of a Pages project": cloudflare("pagesProject", {
      deploymentConfigs: { production: { envVars: { DB: { type: "secret_text", value: PASSWORD } } } },
    }),
    "a variable of a Pages project": cloudflare("pagesProject", {
      deploymentConfigs: { production: { envVars: { DB_PASSWORD: { type: "plain_text", value: PASSWORD } } } },
    }),
  }),
];
