import type { CloudCase } from "./build.ts";
import {
  assignment,
  base64,
  casesOf,
  classicMachine,
  classicStorage,
  classicVault,
  group,
  GROUP,
  machine,
  one,
  role,
  separateRule,
  storage,
  SUBSCRIPTION,
} from "./build.ts";

const ANY = { sourceAddressPrefix: "*" };
const ssh = (changes: object) => group({ destinationPortRange: "22", ...changes });
const port = (destinationPortRange: string) => group({ ...ANY, destinationPortRange });
const halves = (prefix: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => index + from).flatMap((first) =>
    prefix === 9 ? [`${String(first)}.0.0.0/9`, `${String(first)}.128.0.0/9`] : [`${String(first)}.0.0.0/8`],
  );
const STORAGE_CORS = { cors: { corsRules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] } };
const inline = (configuration: object, more: object = {}) =>
  machine({
    networkProfile: {
      networkInterfaceConfigurations: [{ name: "n", ipConfigurations: [{ name: "i", ...configuration }], ...more }],
    },
  });

export const dangerousAzure: readonly CloudCase[] = [
  ...casesOf("azure.network-openings", {
    "the internet in /9s": ssh({ sourceAddressPrefixes: halves(9, 1, 223) }),
    "a few /9s": ssh({ sourceAddressPrefixes: ["8.0.0.0/9", "8.128.0.0/9", "203.0.113.7"] }),
    "the internet in /16s": ssh({
      sourceAddressPrefixes: Array.from({ length: 256 }, (_, index) => `45.${String(index)}.0.0/16`),
    }),
    "half of it twice": ssh({ sourceAddressPrefixes: ["0.0.0.0/1", "0.0.0.0/1"] }),
    "IPv6 in halves": ssh({ sourceAddressPrefixes: ["::/1", "8000::/1"] }),
    "all of IPv6 that is routed": ssh({ sourceAddressPrefix: "2000::/3" }),
    "a block written with another address in it": ssh({ sourceAddressPrefix: "81.2.69.160/4" }),
    "a list in one text": ssh({ sourceAddressPrefix: "0.0.0.0/2,64.0.0.0/2" }),
    "no source at all": ssh({}),
    "the star between private blocks": ssh({ sourceAddressPrefixes: ["10.0.0.0/8", "*"] }),
    "the tag of everybody's web apps": ssh({ sourceAddressPrefix: "AppService" }),
    "the tag of a region's web apps": ssh({ sourceAddressPrefix: "AppService.WestEurope" }),
    "the tag of everybody's pipelines": ssh({ sourceAddressPrefix: "DataFactory" }),
    "the tag of everybody's workflows": ssh({ sourceAddressPrefix: "LogicApps" }),
    "the tag of everybody's front doors": ssh({ sourceAddressPrefix: "AzureFrontDoor.Backend" }),
    "the tag of a region's machines": ssh({ sourceAddressPrefix: "AzureCloud.eastus" }),
    Any: ssh({ sourceAddressPrefix: "Any" }),
    VNC: port("5900"),
    "VNC of another screen": port("5901"),
    Telnet: port("23"),
    RDP: port("3389"),
    "WinRM over TLS": port("5986"),
    SMB: port("445"),
    "the administrators' shell of GitHub Enterprise": port("122"),
    "Docker with TLS": port("2376"),
    rsh: port("514"),
    "libvirt in a range": port("16000-17000"),
    "half of the ports in a list": group({ ...ANY, destinationPortRanges: ["10000-30000", "35000-49000"] }),
    "a refusal for too few ports": group(
      { ...ANY, destinationPortRanges: ["22", "3389"], priority: 200 },
      { ...ANY, destinationPortRange: "22", access: "Deny" },
    ),
    "a refusal for half of the internet": group(
      { ...ANY, destinationPortRange: "22", priority: 200 },
      { sourceAddressPrefixes: ["0.0.0.0/1"], destinationPortRange: "22", access: "Deny" },
    ),
    "a version of the API": { ...ssh(ANY), type: "azure-native:network/v20230901:NetworkSecurityGroup" },
    "a package for a version of the API": {
      ...ssh(ANY),
      type: "azure-native_network_v20230901:network:NetworkSecurityGroup",
    },
    "a rule of its own, in /9s": separateRule({ destinationPortRange: "22", sourceAddressPrefixes: halves(9, 1, 20) }),
    "a classic group": one("azure:network/networkSecurityGroup:NetworkSecurityGroup", {
      name: "x",
      securityRules: [
        { name: "a", priority: 1, direction: "Inbound", access: "Allow", protocol: "*", sourceAddressPrefix: "*" },
      ],
    }),
    "a classic rule": one("azure:network/networkSecurityRule:NetworkSecurityRule", {
      networkSecurityGroupName: "n",
      priority: 100,
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      destinationPortRange: "22",
      sourceAddressPrefixes: halves(9, 1, 20),
    }),
    "SSH by a load balancer": one("azure-native:network:InboundNatRule", {
      loadBalancerName: "l",
      frontendPort: 50022,
      backendPort: 22,
      protocol: "Tcp",
    }),
    "RDP by a rule within a load balancer": one("azure-native:network:LoadBalancer", {
      loadBalancerName: "l",
      inboundNatRules: [{ name: "r", frontendPort: 50001, backendPort: 3389, protocol: "Tcp" }],
    }),
    "SSH by a pool": one("azure-native:network:LoadBalancer", {
      inboundNatPools: [{ name: "p", frontendPortRangeStart: 50000, frontendPortRangeEnd: 50119, backendPort: 22 }],
    }),
    "SSH by a classic load balancer": one("azure:lb/natRule:NatRule", {
      loadbalancerId: "l",
      frontendPort: 2022,
      backendPort: 22,
      protocol: "Tcp",
    }),
    "an address of the basic kind made with the machine": inline({
      subnet: { id: "x" },
      publicIPAddressConfiguration: { name: "p", sku: { name: "Basic" } },
    }),
  }),
  ...casesOf("azure.network-openings-advice", {
    Incus: port("8443"),
    Ollama: port("11434"),
    "a model server": port("8000"),
    PostgreSQL: port("5432"),
    MySQL: port("3306"),
    Redis: port("6379"),
    Elasticsearch: port("9200"),
    MongoDB: port("27017-27019"),
    etcd: port("2379"),
    Kubernetes: port("6443"),
    kubelet: port("10250"),
    Prometheus: port("9090"),
    Jupyter: port("8888"),
    memcached: port("11211"),
    "an OpenClaw gateway": port("18789"),
    "SNMP over UDP": group({ ...ANY, protocol: "Udp", destinationPortRange: "161" }),
    "a database in /9s": group({ sourceAddressPrefixes: halves(9, 1, 20), destinationPortRange: "1433" }),
    "a database in a list": group({ ...ANY, destinationPortRanges: ["80", "443", "5432"] }),
  }),
  ...casesOf("azure.password-login", {
    "Linux of the SQL publisher": machine({
      osProfile: { adminUsername: "operator" },
      storageProfile: { imageReference: { publisher: "MicrosoftSQLServer", offer: "sql2022-rhel9", sku: "web" } },
    }),
    "chpasswd in custom data": machine(
      {},
      {
        customData: base64(
          "#cloud-config\nssh_pwauth: true\nchpasswd:\n  expire: false\n  list: |\n    root:Winter-2026-x\n",
        ),
      },
    ),
    "chpasswd with users": machine(
      {},
      {
        customData: base64(
          "#cloud-config\nchpasswd:\n  users:\n    - name: root\n      password: Winter-2026-x\n      type: text\n",
        ),
      },
    ),
    "a password of a user": machine(
      {},
      { customData: base64("#cloud-config\nusers:\n  - name: ops\n    plain_text_passwd: Winter-2026-x\n") },
    ),
    "sshd told to by a script": machine(
      {},
      {
        customData: base64(
          "#!/bin/sh\nsed -i 's/^#\\?PasswordAuthentication.*/PasswordAuthentication yes/' /etc/ssh/sshd_config\n",
        ),
      },
    ),
    "root by a script": machine({}, { customData: base64("#!/bin/sh\necho root:Winter-2026-x | chpasswd\n") }),
    "in user data": machine({ userData: base64("#cloud-config\nssh_pwauth: yes\n") }),
    "a classic machine": classicMachine({ disablePasswordAuthentication: false }),
    "a classic machine with a password": classicMachine({ adminPassword: "Winter-2026-x" }),
    "the classic machine of before": one("azure:compute/virtualMachine:VirtualMachine", {
      vmSize: "Standard_B2s",
      osProfile: { adminUsername: "operator", computerName: "x" },
      osProfileLinuxConfig: { disablePasswordAuthentication: false },
    }),
    "a classic scale set": one("azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet", {
      sku: "Standard_B2s",
      adminUsername: "operator",
      disablePasswordAuthentication: false,
    }),
    "a name that everybody tries, in classic": classicMachine({ adminUsername: "admin" }),
  }),
  ...casesOf("azure.host-encryption", { "a classic machine": classicMachine({ encryptionAtHostEnabled: undefined }) }),
  ...casesOf("azure.secure-boot", {
    "Secure Boot off": machine({
      securityProfile: { encryptionAtHost: true, uefiSettings: { secureBootEnabled: false } },
    }),
    "in classic": classicMachine({ secureBootEnabled: false }),
  }),
  ...casesOf("azure.custom-data", {
    "a password in a classic extension": one("azure:compute/extension:Extension", {
      settings: JSON.stringify({ commandToExecute: "deploy --password=c0rrect-Horse-battery" }),
    }),
    "a password in a scale set's extension": one("azure-native:compute:VirtualMachineScaleSetExtension", {
      settings: { commandToExecute: "deploy --password=c0rrect-Horse-battery" },
    }),
    "a password in classic custom data": classicMachine({
      customData: base64("export DB_PASSWORD=c0rrect-Horse-battery\n"),
    }),
  }),
  ...casesOf("azure.public-ip", {
    "a classic scale set with GPUs": one("azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet", {
      sku: "Standard_NC24ads_A100_v4",
      networkInterfaces: [{ name: "n", ipConfigurations: [{ name: "i", publicIpAddresses: [{ name: "p" }] }] }],
    }),
  }),
  ...casesOf("azure.storage-access", {
    SFTP: storage({ isSftpEnabled: true }),
    "local users": storage({ isLocalUserEnabled: true }),
    "replication into other tenants": storage({ allowCrossTenantReplication: true }),
    "a local user with a password": one("azure-native:storage:LocalUser", { username: "u", hasSshPassword: true }),
    "a local user with a shared key": one("azure-native:storage:LocalUser", { username: "u", hasSharedKey: true }),
    "pages of everybody on blobs": one("azure-native:storage:BlobServiceProperties", STORAGE_CORS),
    "pages of everybody on files": one("azure-native:storage:FileServiceProperties", STORAGE_CORS),
    "pages of everybody on queues": one("azure-native:storage:QueueServiceProperties", STORAGE_CORS),
    "pages of everybody on tables": one("azure-native:storage:TableServiceProperties", STORAGE_CORS),
    "rules that add up to the internet": storage({
      publicNetworkAccess: "Enabled",
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: ["8.0.0.0/9", "8.128.0.0/9"].map((iPAddressOrRange) => ({ iPAddressOrRange })),
      },
    }),
    "classic, public as by default": classicStorage({ allowNestedItemsToBePublic: undefined }),
    "classic, with keys": classicStorage({ sharedAccessKeyEnabled: true }),
    "classic, open to all networks": classicStorage({ publicNetworkAccessEnabled: undefined }),
    "classic, SFTP": classicStorage({ sftpEnabled: true }),
    "a classic public container": one("azure:storage/container:Container", { name: "c", containerAccessType: "blob" }),
    "a classic local user": one("azure:storage/localUser:LocalUser", { name: "u", sshPasswordEnabled: true }),
  }),
  ...casesOf("azure.storage-transport", {
    "classic, an old TLS": classicStorage({ minTlsVersion: "TLS1_0" }),
    "classic, plain HTTP": classicStorage({ httpsTrafficOnlyEnabled: false }),
    "classic of before, plain HTTP": classicStorage({ enableHttpsTrafficOnly: false }),
  }),
  ...casesOf("azure.key-vault", {
    "classic, no purge protection": classicVault({ purgeProtectionEnabled: undefined }),
    "classic, open": classicVault({ publicNetworkAccessEnabled: undefined }),
    "classic, everything granted": classicVault({
      rbacAuthorizationEnabled: false,
      accessPolicies: [{ objectId: "x", secretPermissions: ["Get", "Purge"] }],
    }),
    "everything granted by a policy of its own": one("azure-native:keyvault:AccessPolicy", {
      policy: { objectId: "x", permissions: { secrets: ["all"] } },
    }),
    "the same in classic": one("azure:keyvault/accessPolicy:AccessPolicy", { keyPermissions: ["Get", "Purge"] }),
    "rules that add up to the internet": classicVault({
      publicNetworkAccessEnabled: true,
      networkAcls: { bypass: "None", defaultAction: "Deny", ipRules: ["0.0.0.0/2", "64.0.0.0/2"] },
    }),
  }),
  ...casesOf("secret.plain-property", {
    "a vault's secret in clear": one("azure-native:keyvault:Secret", {
      properties: { value: "c0rrect-Horse-battery" },
    }),
    "the same in classic": one("azure:keyvault/secret:Secret", { name: "x", value: "c0rrect-Horse-battery" }),
  }),
  ...casesOf("azure.disk-export", {
    "a snapshot": one("azure-native:compute:Snapshot", { networkAccessPolicy: "AllowAll" }),
    "a snapshot, as by default": one("azure-native:compute:Snapshot", { creationData: { createOption: "Copy" } }),
    "a classic disk": one("azure:compute/managedDisk:ManagedDisk", { createOption: "Empty" }),
    "a classic snapshot": one("azure:compute/snapshot:Snapshot", {
      createOption: "Copy",
      publicNetworkAccessEnabled: true,
    }),
  }),
  ...casesOf("azure.identity-scope", {
    "Virtual Machine Contributor of a subscription": assignment("9980e02c-c2be-4d73-94e8-173b1dc7cf3c"),
    "Key Vault Administrator of a subscription": assignment("00482a5a-887f-4fb3-b363-3b7fe8e74483"),
    "Key Vault Secrets User of a subscription": assignment("4633458b-17de-408a-b874-0445c86b69e6"),
    "Storage Blob Data Owner of a management group": assignment("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", {
      scope: "/providers/Microsoft.Management/managementGroups/root",
    }),
    "Storage Account Key Operator of a subscription": assignment("81a9662b-bebf-436f-a333-f67b29880f12"),
    "the login of an administrator, everywhere": assignment("1c0163c0-47e6-4577-8991-ea5c82e286e4"),
    "Network Contributor of a subscription": assignment("4d97b98b-1d4f-4787-a291-c67834d212e7"),
    "Owner by its name, in classic": one("azure:authorization/assignment:Assignment", {
      scope: SUBSCRIPTION,
      roleDefinitionName: "Owner",
      principalId: "x",
    }),
    "Contributor of a group by its name": one("azure:authorization/assignment:Assignment", {
      scope: GROUP,
      roleDefinitionName: "contributor",
      principalId: "x",
    }),
    "Key Vault Administrator by its name": one("azure:authorization/assignment:Assignment", {
      scope: SUBSCRIPTION,
      roleDefinitionName: "Key Vault Administrator",
      principalId: "x",
    }),
    "a role that hands out roles": role(["Microsoft.Authorization/roleAssignments/write"]),
    "a role over all of authorization": role(["Microsoft.Authorization/*"]),
    "a role that writes everything": role(["*/write", "*/delete"]),
    "a role that does every action": role(["*/action"]),
    "a role that runs commands": role(["Microsoft.Compute/virtualMachines/runCommand/action"]),
    "a role that runs commands, in other letters": role(["microsoft.compute/virtualmachines/RUNCOMMAND/Action"]),
    "a role that adds extensions": role(["Microsoft.Compute/virtualMachines/extensions/*"]),
    "a role over all machines": role(["Microsoft.Compute/*"]),
    "a role that lists keys": role(["Microsoft.Storage/storageAccounts/listKeys/action"]),
    "a role that lists any keys": role(["*/listKeys/action"]),
    "a role that lists the keys of models": role(["Microsoft.CognitiveServices/accounts/*"]),
    "a role that takes on identities": role(["Microsoft.ManagedIdentity/userAssignedIdentities/*"]),
    "a role over all data": role([], { dataActions: ["*"] }),
    "a role over all secrets": role([], { dataActions: ["Microsoft.KeyVault/vaults/*"] }),
    "a role with an exception that leaves enough": role(["*"], { notActions: ["Microsoft.Authorization/*/write"] }),
    "a classic role": one("azure:authorization/roleDefinition:RoleDefinition", {
      name: "x",
      scope: SUBSCRIPTION,
      permissions: [{ actions: ["*"] }],
    }),
  }),
  ...casesOf("azure.routing", {
    "a machine may route": one("azure-native:network:NetworkInterface", { enableIPForwarding: true }),
    "a classic machine may route": one("azure:network/networkInterface:NetworkInterface", {
      ipForwardingEnabled: true,
    }),
    "of before": one("azure:network/networkInterface:NetworkInterface", { enableIpForwarding: true }),
    "made with the machine": {
      ...inline({}, { enableIPForwarding: true }),
      type: "azure-native:compute:VirtualMachineScaleSet",
      properties: {
        virtualMachineProfile: {
          networkProfile: { networkInterfaceConfigurations: [{ name: "n", enableIPForwarding: true }] },
        },
      },
    },
    "a peering": one("azure-native:network:VirtualNetworkPeering", { allowForwardedTraffic: true }),
    "a classic peering": one("azure:network/virtualNetworkPeering:VirtualNetworkPeering", {
      allowForwardedTraffic: true,
    }),
  }),
  ...casesOf("azure.services", {
    "a database for everybody": one("azure-native:sql:FirewallRule", {
      startIpAddress: "0.0.0.0",
      endIpAddress: "255.255.255.255",
    }),
    "a database for half of everybody": one("azure-native:dbforpostgresql:FirewallRule", {
      startIpAddress: "1.0.0.0",
      endIpAddress: "126.255.255.255",
    }),
    "a database for every customer of Azure": one("azure-native:dbformysql:FirewallRule", {
      startIpAddress: "0.0.0.0",
      endIpAddress: "0.0.0.0",
    }),
    "a classic database": one("azure:mssql/firewallRule:FirewallRule", {
      startIpAddress: "0.0.0.0",
      endIpAddress: "255.255.255.255",
    }),
    "a cache without TLS": one("azure:redis/cache:Cache", { nonSslPortEnabled: true }),
    "a registry for everybody": one("azure-native:containerregistry:Registry", { anonymousPullEnabled: true }),
    "a registry with one password": one("azure:containerservice/registry:Registry", { adminEnabled: true }),
    "an app that is debugged from afar": one("azure-native:web:WebApp", {
      siteConfig: { remoteDebuggingEnabled: true },
    }),
    "an app over plain HTTP": one("azure:appservice/linuxWebApp:LinuxWebApp", { httpsOnly: false }),
    "a cluster for everybody": one("azure-native:containerservice:ManagedCluster", {
      apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/0"] },
    }),
    "a model server in a container": one("azure-native:containerinstance:ContainerGroup", {
      ipAddress: { type: "Public", ports: [{ port: 11434, protocol: "TCP" }] },
    }),
    "a model for everybody": one("azure-native:cognitiveservices:Account", {
      properties: { publicNetworkAccess: "Enabled" },
    }),
  }),
];
