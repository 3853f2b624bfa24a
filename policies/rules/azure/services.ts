import { of, resource } from "#lib/azure-examples.ts";
import { hasSharedSettings, publicAccess, sharedSettings } from "#lib/azure-openness.ts";
import { flawsOfService } from "#lib/azure-service-flaws.ts";
import { serviceType as service, serviceTypes } from "#lib/azure-services.ts";
import { ANY_TYPE } from "#lib/judge.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Rule } from "#lib/rule.ts";

/** Databases whose servers let nobody in before a rule by address does, by what their types are called. */
const WITH_RULES = ["postgres", "mysql", "mariadb", "synapse", "sql"];

export const rule: Rule = {
  id: "azure.services",
  title: "No managed service of Azure is open further than it has to be.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "A managed service has no security group before it: what it says itself is all that keeps strangers out.",
  fix: "Name the networks that need the service, and leave plain HTTP, old TLS and shared passwords off.",
  waivable: "by-configuration",
  types: [ANY_TYPE],
  looksAt: serviceTypes,
  check: (one) => {
    if (!hasSharedSettings(one)) return [];
    return [...sharedSettings(one), ...(familyOf(one) === undefined ? publicAccess(one) : []), ...flawsOfService(one)];
  },
  checkStack: (stack) =>
    stack.resources
      .filter((one) => hasSharedSettings(one) && familyOf(one) !== undefined && !hasRules(one, stack))
      .flatMap((one) => publicAccess(one).map((finding) => ({ urn: one.urn, ...finding }))),
  examples: {
    good: [
      of("A database for one office", firewallOf("mg-office", "203.0.113.7", "203.0.113.7")),
      of(
        "A registry",
        resource(service.registry, "mg-registry", { registryName: "mgregistry", adminUserEnabled: false }),
      ),
      of("An app over HTTPS", resource(service.webApp, "mg-app", { httpsOnly: true })),
      of("Documents in the network", documents("mg-documents", { publicNetworkAccess: "Disabled" })),
      of(
        "A server that lets one office in",
        resource(service.sqlServer, "mg-server", { publicNetworkAccess: "Enabled" }),
        firewallOf("mg-server-office", "203.0.113.7", "203.0.113.7"),
      ),
    ],
    bad: [
      of("A database for everybody", firewallOf("mb-all", "0.0.0.0", "255.255.255.255")),
      of("A database for every customer of Azure", firewallOf("mb-azure", "0.0.0.0", "0.0.0.0")),
      of("A registry with one password", resource(service.registry, "mb-registry", { adminUserEnabled: true })),
      of("An app over plain HTTP", resource(service.webApp, "mb-app", { httpsOnly: false })),
      of("A cache without TLS", resource(service.redis, "mb-cache", { enableNonSslPort: true })),
      of("Documents for everybody", documents("mb-documents", { publicNetworkAccess: "Enabled" })),
      of(
        "Documents for every customer of Azure",
        documents("mb-customers", { ipRules: [{ ipAddressOrRange: "0.0.0.0" }] }),
      ),
      of("Documents by keys", documents("mb-keys", { publicNetworkAccess: "Disabled", disableLocalAuth: false })),
    ],
  },
};

/** What kind of database a resource is or belongs to. */
function familyOf({ type }: Resource): string | undefined {
  const [, module = ""] = /^azure(?:-native)?:(\w+)/.exec(type) ?? [];
  return WITH_RULES.find((name) => module.includes(name));
}

/** Whether the program says by address who may come in; those rules are judged themselves. */
function hasRules(server: Resource, stack: Stack): boolean {
  const family = familyOf(server);
  return stack.resources.some((one) => /firewallrule/i.test(one.type) && familyOf(one) === family);
}

function firewallOf(name: string, startIpAddress: string, endIpAddress: string) {
  return resource(service.sqlFirewall, name, {
    serverName: "example",
    firewallRuleName: name,
    startIpAddress,
    endIpAddress,
  });
}

function documents(name: string, changes: object) {
  const properties = { accountName: name, databaseAccountOfferType: "Standard", disableLocalAuth: true };
  return resource(service.cosmos, name, { ...properties, ...changes });
}
