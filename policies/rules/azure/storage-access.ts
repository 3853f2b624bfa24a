import { isInternet } from "../../lib/addresses.ts";
import { of, resource, storageAccount } from "../../lib/azure-examples.ts";
import { isText } from "../../lib/azure-resources.ts";
import { azure } from "../../lib/azure-types.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Finding, Rule } from "../../lib/rule.ts";

export const rule: Rule = {
  id: "azure.storage-access",
  title: "Storage is closed to the public, to shared keys and to networks that do not need it.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A public container is read by whoever guesses its name, and a shared key opens everything to whoever finds it.",
  fix: "Set `allowBlobPublicAccess` and `allowSharedKeyAccess` to false, and `publicNetworkAccess` to Disabled or `networkRuleSet.defaultAction` to Deny.",
  waivable: "by-configuration",
  types: [azure.storageAccount, azure.blobContainer],
  check: ({ type, properties }) =>
    type === azure.blobContainer
      ? container(properties)
      : [...anonymous(properties), ...keys(properties), ...network(properties)],
  examples: {
    good: [
      of("A closed account", storageAccount("agclosed")),
      of(
        "Named networks",
        storageAccount("agnetworks", {
          publicNetworkAccess: "Enabled",
          networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "203.0.113.0/24" }] },
        }),
      ),
      of("A private container", blobs("ag-private", "None")),
    ],
    bad: [
      of("Containers may be public", storageAccount("abpublic", { allowBlobPublicAccess: true })),
      of(
        "Shared keys are allowed unless it says otherwise",
        storageAccount("abkeys", { allowSharedKeyAccess: undefined }),
      ),
      of("Open to all networks", storageAccount("abopen", { publicNetworkAccess: undefined })),
      of(
        "Allowed by default",
        storageAccount("aballow", { publicNetworkAccess: "Enabled", networkRuleSet: { defaultAction: "Allow" } }),
      ),
      of(
        "A rule for half the internet",
        storageAccount("abhalf", {
          publicNetworkAccess: "Enabled",
          networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "128.0.0.0/1" }] },
        }),
      ),
      of("A public container", blobs("ab-container", "Container")),
      of("Public blobs", blobs("ab-blobs", "Blob")),
    ],
  },
};

function container(properties: Properties): Finding[] {
  const access = properties.text("publicAccess") ?? "None";
  if (isText(access, "None")) return [];
  return [{ property: "publicAccess", found: show(access), expected: "None" }];
}

function anonymous(properties: Properties): Finding[] {
  if (properties.flag("allowBlobPublicAccess") !== true) return [];
  return [{ property: "allowBlobPublicAccess", found: "true", expected: "false" }];
}

function keys(properties: Properties): Finding[] {
  if (properties.flag("allowSharedKeyAccess") === false) return [];
  const found = show(properties.get("allowSharedKeyAccess"));
  return [{ property: "allowSharedKeyAccess", found, expected: "false" }];
}

function network(properties: Properties): Finding[] {
  const access = properties.text("publicNetworkAccess");
  if (isText(access, "Disabled") || isText(access, "SecuredByPerimeter")) return [];
  if (properties.isUnknown("publicNetworkAccess")) return [];
  const rules = properties.object("networkRuleSet");
  const wide = rules.objects("ipRules").filter((one) => isInternet(one.text("iPAddressOrRange") ?? ""));
  const found = wide.map((one) => ({
    property: one.path("iPAddressOrRange"),
    found: show(one.text("iPAddressOrRange")),
    expected: "the addresses that need it",
  }));
  const action = rules.text("defaultAction");
  if (isText(action, "Deny")) return found;
  return [
    { property: rules.path("defaultAction"), found: show(action), expected: "Deny, or no public network access" },
  ];
}

function blobs(name: string, publicAccess: string) {
  return resource(azure.blobContainer, name, { accountName: "example", containerName: name, publicAccess });
}
