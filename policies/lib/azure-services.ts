/** Managed services whose openness the pack judges, by their type in Azure Native. */
export const serviceType = {
  apps: "azure-native:app:ContainerApp",
  bastion: "azure-native:network:BastionHost",
  batchPool: "azure-native:batch:Pool",
  cluster: "azure-native:containerservice:ManagedCluster",
  cognitive: "azure-native:cognitiveservices:Account",
  containerGroup: "azure-native:containerinstance:ContainerGroup",
  cosmos: "azure-native:cosmosdb:DatabaseAccount",
  federation: "azure-native:managedidentity:FederatedIdentityCredential",
  gateway: "azure-native:network:ApplicationGateway",
  jitAccess: "azure-native:security:JitNetworkAccessPolicy",
  mongoFirewall: "azure-native:mongocluster:FirewallRule",
  mysqlFirewall: "azure-native:dbformysql:FirewallRule",
  mysqlServer: "azure-native:dbformysql:Server",
  mysqlSetting: "azure-native:dbformysql:Configuration",
  postgresFirewall: "azure-native:dbforpostgresql:FirewallRule",
  postgresServer: "azure-native:dbforpostgresql:Server",
  postgresSetting: "azure-native:dbforpostgresql:Configuration",
  redis: "azure-native:redis:Redis",
  redisFirewall: "azure-native:redis:FirewallRule",
  registry: "azure-native:containerregistry:Registry",
  serviceBusRules: "azure-native:servicebus:NamespaceNetworkRuleSet",
  eventHubRules: "azure-native:eventhub:NamespaceNetworkRuleSet",
  sqlFirewall: "azure-native:sql:FirewallRule",
  sqlServer: "azure-native:sql:Server",
  webApp: "azure-native:web:WebApp",
  webAppFtp: "azure-native:web:WebAppFtpAllowed",
  webAppScm: "azure-native:web:WebAppScmAllowed",
  webAppSlot: "azure-native:web:WebAppSlot",
  webFirewall: "azure-native:network:WebApplicationFirewallPolicy",
} as const;

export const serviceTypes: readonly string[] = Object.values(serviceType);

/** The inputs that the rule and its examples use, as in `azureProperties`. */
export const serviceProperties: Readonly<Record<string, readonly string[]>> = {
  [serviceType.cosmos]: [
    "resourceGroupName",
    "accountName",
    "databaseAccountOfferType",
    "disableLocalAuth",
    "ipRules.ipAddressOrRange",
    "isVirtualNetworkFilterEnabled",
    "publicNetworkAccess",
    "virtualNetworkRules.id",
  ],
  [serviceType.redis]: ["resourceGroupName", "enableNonSslPort"],
  [serviceType.registry]: ["resourceGroupName", "registryName", "adminUserEnabled"],
  [serviceType.sqlFirewall]: ["resourceGroupName", "serverName", "firewallRuleName", "startIpAddress", "endIpAddress"],
  [serviceType.sqlServer]: ["resourceGroupName", "serverName", "publicNetworkAccess"],
  [serviceType.webApp]: ["resourceGroupName", "httpsOnly"],
};
