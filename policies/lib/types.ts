/** Pulumi type tokens that the rules know. */
export const type = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  remoteImage: "docker:index/remoteImage:RemoteImage",
  hardenedContainer: "garrison:container:HardenedContainer",
  pidLimits: "garrison:container:PidLimits",
  machine: "garrison:stack:Machine",
  hostFiles: "garrison:files:HostFiles",
  hostFirewall: "garrison:firewall:HostFirewall",
  virtualMachine: "azure-native:compute:VirtualMachine",
} as const;
