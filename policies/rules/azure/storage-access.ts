import { areInternet, isInternet } from "#lib/addresses.ts";
import { wideRules } from "#lib/azure-firewalls.ts";
import { of, resource, storageAccount } from "#lib/azure-examples.ts";
import { isText } from "#lib/azure-resources.ts";
import { classicToken } from "#lib/azure-classic.ts";
import { azure } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource } from "#lib/resource.ts";
import type { Finding, Rule } from "#lib/rule.ts";

/** What else is set for an account: by service, in resources of their own. */
const SERVICES = [azure.blobService, azure.fileService, azure.queueService, azure.tableService];
const SEPARATE_RULES = classicToken("storage/accountNetworkRules");

export const rule: Rule = {
  id: "azure.storage-access",
  title: "Storage is closed to the public, to shared keys and to networks that do not need it.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A public container is read by whoever guesses its name, and a shared key opens everything to whoever finds it.",
  fix: "Set `allowBlobPublicAccess` and `allowSharedKeyAccess` to false, and `publicNetworkAccess` to Disabled or `networkRuleSet.defaultAction` to Deny.",
  waivable: "by-configuration",
  types: [azure.storageAccount, azure.blobContainer, azure.storageUser, SEPARATE_RULES, ...SERVICES],
  check: (resource) => {
    const { type, properties } = resource;
    if (type === azure.blobContainer) return container(properties);
    if (type === azure.storageUser) return switchedOn(properties, "hasSshPassword", "hasSharedKey");
    if (type === SEPARATE_RULES) return separate(properties);
    if (type !== azure.storageAccount) return shared(properties);
    const doors = ["isSftpEnabled", "isLocalUserEnabled", "allowCrossTenantReplication"];
    return [
      ...anonymous(properties),
      ...keys(properties),
      ...(hasRulesOfItsOwn(resource) ? network(properties) : []),
      ...switchedOn(properties, ...doors),
      ...corsOfClassic(properties),
    ];
  },
  checkStack: (stack) => {
    // @pulumi/azure has a resource for the rules of an account; which account it is for shows only after the update.
    if (stack.ofType(SEPARATE_RULES).length > 0) return [];
    return stack
      .ofType(azure.storageAccount)
      .filter((one) => !hasRulesOfItsOwn(one))
      .flatMap((one) => network(one.properties).map((finding) => ({ urn: one.urn, ...finding })));
  },
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
      of("SFTP for local users", storageAccount("absftp", { isSftpEnabled: true, isLocalUserEnabled: true })),
      of("Replication into other tenants", storageAccount("abcross", { allowCrossTenantReplication: true })),
      of(
        "A local user with a password",
        resource(azure.storageUser, "ab-user", { accountName: "example", username: "user", hasSshPassword: true }),
      ),
      of(
        "Scripts of every page",
        resource(azure.blobService, "ab-cors", {
          accountName: "example",
          blobServicesName: "default",
          cors: { corsRules: [{ allowedOrigins: ["*"], allowedMethods: ["GET", "PUT"] }] },
        }),
      ),
    ],
  },
};

function container(properties: Properties): Finding[] {
  const access = properties.text("publicAccess") ?? "None";
  if (isText(access, "None")) return [];
  return [{ property: properties.path("publicAccess"), found: show(access), expected: "None" }];
}

function anonymous(properties: Properties): Finding[] {
  if (properties.flag("allowBlobPublicAccess") !== true) return [];
  return [{ property: properties.path("allowBlobPublicAccess"), found: "true", expected: "false" }];
}

function keys(properties: Properties): Finding[] {
  if (properties.flag("allowSharedKeyAccess") === false) return [];
  const found = show(properties.get("allowSharedKeyAccess"));
  return [{ property: properties.path("allowSharedKeyAccess"), found, expected: "false" }];
}

function network(properties: Properties): Finding[] {
  const access = properties.text("publicNetworkAccess");
  if (isText(access, "Disabled") || isText(access, "SecuredByPerimeter")) return [];
  if (properties.isUnknown("publicNetworkAccess")) return [];
  const rules = properties.object("networkRuleSet");
  const found = wideRules(rules, "iPAddressOrRange");
  const action = rules.text("defaultAction");
  if (isText(action, "Deny")) return found;
  return [
    { property: rules.path("defaultAction"), found: show(action), expected: "Deny, or no public network access" },
  ];
}

/** Rules of an account of @pulumi/azure that are a resource of their own. */
function separate(properties: Properties): Finding[] {
  const action = properties.text("defaultAction");
  const addresses = properties.texts("ipRules").map(({ value }) => value);
  if (!isText(action, "Deny")) {
    return [{ property: properties.path("defaultAction"), found: show(action), expected: "Deny" }];
  }
  if (!addresses.some(isInternet) && !areInternet(addresses)) return [];
  const found = addresses.slice(0, 4).join(", ");
  return [{ property: properties.path("ipRules"), found, expected: "the addresses that need it" }];
}

/** An account of @pulumi/azure may have its rules in another resource. */
function hasRulesOfItsOwn({ token, properties }: Resource): boolean {
  return (
    !token.startsWith("azure:") || properties.get("networkRules") !== undefined || properties.isUnknown("networkRules")
  );
}

function switchedOn(properties: Properties, ...names: readonly string[]): Finding[] {
  return names
    .filter((name) => properties.flag(name) === true)
    .map((name) => ({ property: properties.path(name), found: "true", expected: "false" }));
}

/** Scripts of every page may then read and write with the visitor's rights. */
function shared(properties: Properties): Finding[] {
  return origins(properties.object("cors").objects("corsRules"));
}

function corsOfClassic(properties: Properties): Finding[] {
  return ["blobProperties", "queueProperties", "shareProperties"].flatMap((name) =>
    origins(properties.object(name).objects("corsRules")),
  );
}

function origins(rules: readonly Properties[]): Finding[] {
  return rules
    .flatMap((one) => one.texts("allowedOrigins"))
    .filter(({ value }) => /^(?:https?:\/\/)?\*$/i.test(value.trim()))
    .map(({ path, value }) => ({ property: path, found: show(value), expected: "the pages that need it" }));
}

function blobs(name: string, publicAccess: string) {
  return resource(azure.blobContainer, name, { accountName: "example", containerName: name, publicAccess });
}
