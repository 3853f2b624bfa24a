/** Managed services whose openness the pack judges, by their type in Azure Native. */
export const serviceType = {
  cluster: "azure-native:containerservice:ManagedCluster",
  cognitive: "azure-native:cognitiveservices:Account",
  containerGroup: "azure-native:containerinstance:ContainerGroup",
  mysqlFirewall: "azure-native:dbformysql:FirewallRule",
  postgresFirewall: "azure-native:dbforpostgresql:FirewallRule",
  redis: "azure-native:redis:Redis",
  redisFirewall: "azure-native:redis:FirewallRule",
  registry: "azure-native:containerregistry:Registry",
  sqlFirewall: "azure-native:sql:FirewallRule",
  sqlServer: "azure-native:sql:Server",
  webApp: "azure-native:web:WebApp",
  webAppSlot: "azure-native:web:WebAppSlot",
} as const;

export const serviceTypes: readonly string[] = Object.values(serviceType);

/** The inputs that the rule and its examples use, as in `azureProperties`. */
export const serviceProperties: Readonly<Record<string, readonly string[]>> = {
  [serviceType.redis]: ["resourceGroupName", "enableNonSslPort"],
  [serviceType.registry]: ["resourceGroupName", "registryName", "adminUserEnabled"],
  [serviceType.sqlFirewall]: ["resourceGroupName", "serverName", "firewallRuleName", "startIpAddress", "endIpAddress"],
  [serviceType.webApp]: ["resourceGroupName", "httpsOnly"],
};
