/**
 * The provider plugins of the lab and the versions they stand in for. They follow the SDK packages of package.json
 * (a test compares): the engine looks for a plugin of exactly the version that the SDK asks for.
 */
export const pluginVersions = {
  "azure-native": "3.28.0",
  command: "1.2.1",
  docker: "5.2.0",
  random: "4.21.2",
  tls: "5.6.1",
} as const;

export type PluginName = keyof typeof pluginVersions;

/** The Pulumi command line that is built from its Go modules where it cannot be downloaded. */
export const pulumiVersion = "3.259.0";
