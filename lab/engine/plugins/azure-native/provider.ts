import { azureState } from "@garrison/fabric/places.ts";
import type { Properties } from "@garrison/helpers/pulumi/values.ts";
import { pluginVersions } from "@garrison/helpers/pulumi/versions.ts";
import type { ProviderDefinition } from "#provider/definition.ts";
import { catalogue } from "./catalogue.ts";
import type { Account } from "./core/azure-type.ts";
import { openState } from "./core/state.ts";
import { azureResource } from "./core/resource.ts";
import { newRun, type RunOptions } from "./core/run.ts";
import { azureSchema } from "./core/schema.ts";
import { text } from "./core/values.ts";

const noLogin = "the lab asks nobody: there is nothing to log in to";

/** The lab's stand-in for the azure-native provider. */
export function azureNativeProvider(options: Pick<RunOptions, "openFabric">): ProviderDefinition<undefined> {
  const run = newRun({ ...options, openState: () => openState(azureState()) });
  return {
    name: "azure-native",
    version: pluginVersions["azure-native"],
    schema: azureSchema,
    unsupportedConfig: Object.fromEntries(loginSettings.map((name) => [name, noLogin])),
    resources: Object.fromEntries(catalogue.map((type) => [type.token, azureResource(run, type)])),
    invokes: {
      "azure-native:authorization:getClientConfig": () => {
        const { subscriptionId, tenantId, clientId, objectId } = run.account;
        return Promise.resolve({ subscriptionId, tenantId, clientId, objectId });
      },
    },
    notes,
    configure: (config) => {
      run.account = { ...run.account, ...configured(config) };
      return undefined;
    },
  };
}

function configured(config: Properties): Partial<Account> {
  const names = ["subscriptionId", "tenantId", "clientId", "location"] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text(config, name);
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/** Whatever says how the official plugin proves who it is. */
const loginSettings = [
  "auxiliaryTenantIds",
  "clientCertificatePassword",
  "clientCertificatePath",
  "clientSecret",
  "metadataHost",
  "msiEndpoint",
  "oidcRequestToken",
  "oidcRequestUrl",
  "oidcToken",
  "oidcTokenFilePath",
];

const notes: readonly string[] = [
  "The schema is read from the declarations of the installed SDK; where they permit any text beside an enumeration, only the enumeration is accepted here, but for names of machine sizes.",
  "What is made is in the state of the lab's subscription (`lab-machines/azure` in the state directory). Networks, subnets, rules, addresses, interfaces, disks and virtual machines become links, rules, disks and system containers of this host as well. Key vaults, storage accounts, budgets, role assignments and extensions are in the state only: nothing answers at their addresses, nobody logs in, and nothing is installed. Locks hold.",
  "What has no counterpart on this host is checked, kept in the state, and has no effect: regions and zones, tags, kinds and encryption of disks, Trusted Launch, boot diagnostics, patch settings, accelerated networking, idle timeouts.",
  "All problems of a resource are told at once; the engine stops at the first resource that has any.",
  "As with the official plugin, a change that Azure itself refuses (`PropertyChangeNotAllowed`: custom data, administrator, image, zone) is no replacement; it is refused in the preview already. `replaceOnChanges` makes the resource anew.",
  "As with the official plugin, subnets that a network lists and subnets that are resources do not go together, nor do rules of a security group. Azure lets one remove the other; here the second is refused.",
  "A machine has one interface, and that one address. A data disk is attached as a file system; Linux and the key of an administrator are all that there is. Sizes are those of a table, and get their share of this host.",
  "A resource group takes what is in it along, as in Azure. The name of a deleted key vault is free at once: there is no soft delete.",
  "Nothing is imported, and `get` functions are refused but for `getClientConfig`, whose subscription and tenant are the lab's own unless the provider's settings name others.",
];
