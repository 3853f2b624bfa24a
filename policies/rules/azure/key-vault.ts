import { wideRules } from "#lib/azure-firewalls.ts";
import { of, resource, vault } from "#lib/azure-examples.ts";
import { isText } from "#lib/azure-resources.ts";
import { azure } from "#lib/azure-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const tenantId = "00000000-0000-0000-0000-000000000002";

export const rule: Rule = {
  id: "azure.key-vault",
  title:
    "A key vault or a managed HSM cannot be emptied for good, is closed to the internet, and grants nobody everything.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "Whoever can purge a key destroys all that it encrypts, and whoever may do everything may also purge.",
  fix: "Set `enablePurgeProtection`, refuse networks by default, and grant roles or single permissions.",
  waivable: "by-configuration",
  types: [azure.vault, azure.vaultPolicy, azure.managedHsm],
  check: (one) => {
    if (one.type === azure.vaultPolicy) return wide(one.properties.object("policy"));
    const properties = one.properties.object("properties");
    // Who may use its keys is said by roles of its own.
    if (one.type === azure.managedHsm) return [...deletion(properties), ...network(properties)];
    return [...deletion(properties), ...network(properties), ...permissions(properties)];
  },
  examples: {
    good: [
      of("A closed vault with roles", vault("vg-roles")),
      of(
        "Named networks and single permissions",
        vault("vg-networks", {
          publicNetworkAccess: "Enabled",
          networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] },
          enableRbacAuthorization: false,
          accessPolicies: [{ tenantId, objectId: tenantId, permissions: { secrets: ["get", "list"] } }],
        }),
      ),
      of("A closed HSM", hsm("vg-hsm", {})),
    ],
    bad: [
      of("An HSM that can be purged", hsm("vb-hsm", { enablePurgeProtection: false })),
      of("An HSM for everybody", hsm("vb-open-hsm", { publicNetworkAccess: "Enabled" })),
      of("No purge protection", vault("vb-purge", { enablePurgeProtection: undefined })),
      of("No soft delete", vault("vb-soft", { enableSoftDelete: false })),
      of("Open to all networks", vault("vb-open", { publicNetworkAccess: undefined })),
      of(
        "Allowed by default",
        vault("vb-allow", { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Allow" } }),
      ),
      granted("Every permission", "vb-all", { keys: ["All"] }),
      granted("The permission to purge", "vb-may", { secrets: ["get", "purge"] }),
    ],
  },
};

function deletion(properties: Properties): Finding[] {
  const found: Finding[] = [];
  if (properties.flag("enablePurgeProtection") !== true) {
    const value = show(properties.get("enablePurgeProtection"));
    found.push({ property: properties.path("enablePurgeProtection"), found: value, expected: "true" });
  }
  if (properties.flag("enableSoftDelete") === false) {
    found.push({ property: properties.path("enableSoftDelete"), found: "false", expected: "true" });
  }
  return found;
}

function network(properties: Properties): Finding[] {
  if (isText(properties.text("publicNetworkAccess"), "Disabled")) return [];
  if (properties.isUnknown("publicNetworkAccess")) return [];
  const rules = properties.object("networkAcls");
  if (!isText(rules.text("defaultAction"), "Deny")) {
    const found = show(rules.text("defaultAction"));
    return [{ property: rules.path("defaultAction"), found, expected: "Deny, or no public network access" }];
  }
  return wideRules(rules, "value");
}

function permissions(properties: Properties): Finding[] {
  // With roles the policies are ignored.
  if (properties.flag("enableRbacAuthorization") === true || properties.isUnknown("enableRbacAuthorization")) return [];
  return properties.objects("accessPolicies").flatMap(wide);
}

function wide(policy: Properties): Finding[] {
  const granted = policy.object("permissions");
  return ["keys", "secrets", "certificates", "storage"]
    .flatMap((kind) => granted.texts(kind))
    .filter(({ value }) => /^(all|purge)$/i.test(value.trim()))
    .map(({ path, value }) => ({ property: path, found: show(value), expected: "the permissions that are needed" }));
}

function granted(title: string, name: string, permissions: object): Example {
  const accessPolicies = [{ tenantId, objectId: tenantId, permissions }];
  return of(title, vault(name, { enableRbacAuthorization: false, accessPolicies }));
}

function hsm(name: string, changes: object) {
  const properties = { enablePurgeProtection: true, publicNetworkAccess: "Disabled", ...changes };
  return resource(azure.managedHsm, name, { name, properties });
}
