import { areInternet } from "../../lib/addresses.ts";
import { wideRules } from "../../lib/azure-firewalls.ts";
import { of, resource } from "../../lib/azure-examples.ts";
import { isText } from "../../lib/azure-resources.ts";
import { serviceType as service, serviceTypes } from "../../lib/azure-services.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Finding, Rule } from "../../lib/rule.ts";

export const rule: Rule = {
  id: "azure.services",
  title: "No managed service of Azure is open further than it has to be.",
  severity: "medium",
  level: "advisory",
  references: [],
  why: "A managed service has no security group before it: what it says itself is all that keeps strangers out.",
  fix: "Name the networks that need the service, and leave plain HTTP, old TLS and shared passwords off.",
  waivable: "by-configuration",
  types: serviceTypes,
  check: ({ type, properties }) => {
    switch (type) {
      case service.sqlFirewall:
      case service.postgresFirewall:
      case service.mysqlFirewall:
      case service.redisFirewall:
        return firewall(properties);
      case service.sqlServer:
        return like(properties, "minimalTlsVersion", /^(?:none|1\.[01])$/i);
      case service.redis:
        return [
          ...like(properties, "enableNonSslPort", /^true$/i),
          ...like(properties, "minimumTlsVersion", /^1\.[01]$/),
        ];
      case service.registry:
        return ["adminUserEnabled", "anonymousPullEnabled"].flatMap((name) => like(properties, name, /^true$/i));
      case service.webApp:
      case service.webAppSlot:
        return webApp(properties);
      case service.cluster:
        return cluster(properties);
      case service.containerGroup:
        return containerGroup(properties);
      default:
        return publicly(properties.object("properties"));
    }
  },
  examples: {
    good: [
      of("A database for one office", firewallOf("mg-office", "203.0.113.7", "203.0.113.7")),
      of(
        "A registry",
        resource(service.registry, "mg-registry", { registryName: "mgregistry", adminUserEnabled: false }),
      ),
      of("An app over HTTPS", resource(service.webApp, "mg-app", { httpsOnly: true })),
    ],
    bad: [
      of("A database for everybody", firewallOf("mb-all", "0.0.0.0", "255.255.255.255")),
      of("A database for every customer of Azure", firewallOf("mb-azure", "0.0.0.0", "0.0.0.0")),
      of("A registry with one password", resource(service.registry, "mb-registry", { adminUserEnabled: true })),
      of("An app over plain HTTP", resource(service.webApp, "mb-app", { httpsOnly: false })),
      of("A cache without TLS", resource(service.redis, "mb-cache", { enableNonSslPort: true })),
    ],
  },
};

function like(one: Properties, name: string, weak: RegExp): Finding[] {
  const value = one.text(name);
  if (value === undefined || !weak.test(value.trim())) return [];
  return [{ property: one.path(name), found: show(one.get(name)), expected: "the stricter setting" }];
}

/** Of a range whose first and last address are 0.0.0.0 Azure makes a rule for all its customers. */
function firewall(properties: Properties): Finding[] {
  const names = properties.get("startIP") === undefined ? ["startIpAddress", "endIpAddress"] : ["startIP", "endIP"];
  const [first = "", last = ""] = names.map((name) => properties.text(name)?.trim() ?? "");
  const property = properties.path(names[0] ?? "");
  if (first === "0.0.0.0" && last === first) {
    return [{ property, found: "every customer of Azure", expected: "the addresses that need it" }];
  }
  if (!areInternet([`${first}-${last}`])) return [];
  return [{ property, found: `${first} to ${last}`, expected: "the addresses that need it" }];
}

/** Open in so many words, with no rule that refuses. */
function publicly(one: Properties): Finding[] {
  if (!isText(one.text("publicNetworkAccess"), "Enabled")) return [];
  const rules = one.object("networkAcls");
  if (isText(rules.text("defaultAction"), "Deny")) return wideRules(rules, "value");
  return [{ property: one.path("publicNetworkAccess"), found: "Enabled", expected: "Disabled, or named networks" }];
}

function webApp(properties: Properties): Finding[] {
  const site = properties.object("siteConfig");
  const origins = site.object("cors").texts("allowedOrigins");
  return [
    ...like(properties, "httpsOnly", /^false$/i),
    ...like(site, "minTlsVersion", /^1\.[01]$/),
    ...like(site, "ftpsState", /^allallowed$/i),
    ...like(site, "remoteDebuggingEnabled", /^true$/i),
    ...origins
      .filter(({ value }) => value.trim() === "*")
      .map(({ path }) => ({ property: path, found: '"*"', expected: "the pages that need it" })),
  ];
}

function cluster(properties: Properties): Finding[] {
  const api = properties.object("apiServerAccessProfile");
  const ranges = api.texts("authorizedIPRanges").map(({ value }) => value);
  return [
    ...like(properties, "enableRBAC", /^false$/i),
    ...(areInternet(ranges)
      ? [{ property: api.path("authorizedIPRanges"), found: ranges.slice(0, 4).join(", "), expected: "administrators" }]
      : []),
  ];
}

/** A group with a public address has no security group before it: its ports are open to everybody. */
function containerGroup(properties: Properties): Finding[] {
  const address = properties.object("ipAddress");
  if (!isText(address.text("type"), "Public")) return [];
  return address
    .objects("ports")
    .filter((one) => !["80", "443", "8080"].includes(one.text("port") ?? ""))
    .map((one) => ({
      property: one.path("port"),
      found: `${show(one.get("port"))}, open to everybody`,
      expected: "a private address, or a gateway before it",
    }));
}

function firewallOf(name: string, startIpAddress: string, endIpAddress: string) {
  return resource(service.sqlFirewall, name, {
    serverName: "example",
    firewallRuleName: name,
    startIpAddress,
    endIpAddress,
  });
}
