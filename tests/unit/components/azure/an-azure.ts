import { planAzure } from "#components/azure/plan-azure.ts";
import type { AzurePlan } from "#components/azure/plan-azure.ts";
import type { AzurePlace } from "#components/azure/azure-place.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import type { AzureSettings } from "#components/settings/azure.ts";
import type { Outputs } from "#scripts/report/plan/recording-monitor.ts";
import { aHost } from "../host/bundle/a-host.ts";

const azureSettings: AzureSettings = {
  location: "westeurope",
  network: "10.88.0.0/16",
  image: "Debian:debian-12:12-gen2:0.20230612.1409",
  generation: 1,
  webFrom: ["Cloudflare"],
  peers: {},
};

/** A machine of Azure's without a mistake. */
export const azureHost = aHost({ networks: { containers: "10.78.0.0/16" }, firewall: { open: [] } });

/** The plan of a place, with some settings changed. */
export function anAzure(
  place: AzurePlace,
  changes: Partial<AzureSettings> = {},
  host: HostSpec = azureHost,
): AzurePlan {
  const resources = { memoryMiB: 16_384, cpus: 8, reserveMiB: 2048 };
  const azure = { ...azureSettings, ...changes };
  return planAzure({ place, settings: { estate: "azweb", network: "10.78.0.0/16", lan: [], resources, azure }, host });
}

/** What Azure, the machines and the key maker answer. */
export const madeInAzure: Outputs = {
  "tls:index/privateKey:PrivateKey": {
    privateKeyOpenssh: "-----BEGIN OPENSSH PRIVATE KEY-----\nbirth\n-----END OPENSSH PRIVATE KEY-----\n",
    publicKeyOpenssh: "ecdsa-sha2-nistp256 BBBB\n",
  },
  "azure-native:network:PublicIPAddress": { ipAddress: "198.51.100.7" },
  "azure-native:compute:VirtualMachine": { vmId: "11111111-2222-3333-4444-555555555555" },
  "command:local:Command": { stdout: "ssh-ed25519 CCCC\n" },
};
