import { areInternet, isInternet } from "./addresses.ts";
import { isText } from "./azure-resources.ts";
import { serviceType as service } from "./azure-services.ts";
import { isOfStorage } from "./azure-storage-address.ts";
import { ADMINISTRATION } from "./ports.ts";
import type { Properties } from "./properties.ts";
import { show } from "./properties.ts";
import type { Resource } from "./resource.ts";
import type { Finding } from "./rule.ts";

const WEB = new Set(["80", "443", "8080"]);
const ENCRYPTION = /^(?:require_secure_transport|ssl|tls_enforcement)$/i;

/** What is open in a service by settings that only it has. */
export function flawsOfService({ type, properties }: Resource): Finding[] {
  switch (type) {
    case service.cosmos:
      return cosmos(properties);
    case service.webApp:
    case service.webAppSlot:
      return pages(properties.object("siteConfig").object("cors"));
    case service.webAppFtp:
    case service.webAppScm:
      return is(properties, "allow", "true", "false: a deployment by an identity");
    case service.containerGroup:
      return containerGroup(properties);
    case service.postgresSetting:
    case service.mysqlSetting:
      return encryption(properties);
    case service.serviceBusRules:
    case service.eventHubRules:
      return is(properties, "defaultAction", "Allow", "Deny, and the networks that need it");
    case service.gateway:
      return [
        ...is(properties.object("webApplicationFirewallConfiguration"), "enabled", "false", "true"),
        ...watchingOnly(properties.object("webApplicationFirewallConfiguration"), "firewallMode"),
      ];
    case service.webFirewall:
      return webFirewall(properties);
    case service.batchPool:
      return batchPool(properties);
    case service.gallery:
      return is(properties.object("sharingProfile"), "permissions", "Community", "Private: the groups that need it");
    case service.privateLink:
      return ["visibility", "autoApproval"].flatMap((name) => forEverySubscription(properties.object(name)));
    case service.deployment:
      return bySomebody(properties.object("properties").object("templateLink"), "uri");
    case service.runbook:
      return bySomebody(properties.object("publishContentLink"), "uri");
    case service.federation:
      return federation(properties);
    default:
      return [];
  }
}

function is(one: Properties, name: string, weak: string, expected: string): Finding[] {
  if (!isText(one.text(name)?.trim(), weak)) return [];
  return [{ property: one.path(name), found: show(one.get(name)), expected }];
}

/** Without a rule or a virtual network everybody may ask; 0.0.0.0 is every customer of Azure. */
function cosmos(properties: Properties): Finding[] {
  const access = properties.text("publicNetworkAccess");
  const closed = isText(access, "Disabled") || isText(access, "SecuredByPerimeter");
  if (closed || properties.isUnknown("publicNetworkAccess") || properties.isUnknown("ipRules")) return [];
  const rules = properties
    .objects("ipRules")
    .map((one) => ({ property: one.path("ipAddressOrRange"), value: one.text("ipAddressOrRange")?.trim() ?? "" }));
  const expected = "the addresses that need it";
  const wide = rules.filter(({ value }) => isInternet(value));
  if (wide.length > 0) return wide.map(({ property, value }) => ({ property, found: show(value), expected }));
  if (areInternet(rules.map(({ value }) => value))) {
    const found = `${String(rules.length)} blocks that add up to much of the internet`;
    return [{ property: properties.path("ipRules"), found, expected }];
  }
  const hasNetworks = properties.objects("virtualNetworkRules").length > 0;
  if (rules.length > 0 || hasNetworks || properties.flag("isVirtualNetworkFilterEnabled") === true) return [];
  return [
    { property: properties.path("publicNetworkAccess"), found: show(access), expected: "Disabled, or named networks" },
  ];
}

function pages(cors: Properties): Finding[] {
  return cors
    .texts("allowedOrigins")
    .filter(({ value }) => value.trim() === "*")
    .map(({ path }) => ({ property: path, found: '"*"', expected: "the pages that need it" }));
}

/** A group with a public address has no security group before it: its ports are open to everybody. */
function containerGroup(properties: Properties): Finding[] {
  const address = properties.object("ipAddress");
  if (!isText(address.text("type"), "Public")) return [];
  return address
    .objects("ports")
    .filter((one) => !WEB.has(one.text("port") ?? ""))
    .map((one) => ({
      property: one.path("port"),
      found: `${show(one.get("port"))}, open to everybody`,
      expected: "a private address, or a gateway before it",
    }));
}

function encryption(properties: Properties): Finding[] {
  if (!ENCRYPTION.test(properties.text("configurationName") ?? properties.text("name") ?? "")) return [];
  return is(properties, "value", "off", "on");
}

function watchingOnly(one: Properties, name: string): Finding[] {
  return is(one, name, "Detection", "Prevention");
}

function webFirewall(properties: Properties): Finding[] {
  const policy = properties.object("policySettings");
  const passes = properties
    .objects("customRules")
    .filter((one) => isText(one.text("action"), "Allow") && !isText(one.text("state"), "Disabled"))
    .flatMap((one) => one.objects("matchConditions"))
    .filter((one) => isText(one.text("operator"), "IPMatch"))
    .flatMap((one) => one.texts("matchValues"))
    .filter(({ value }) => isInternet(value))
    .map(({ path, value }) => ({ property: path, found: show(value), expected: "the addresses that need it" }));
  return [...is(policy, "state", "Disabled", "Enabled"), ...watchingOnly(policy, "mode"), ...passes];
}

function batchPool(properties: Properties): Finding[] {
  const pools = properties.object("networkConfiguration").object("endpointConfiguration").objects("inboundNatPools");
  return pools
    .filter((pool) => ADMINISTRATION.has(pool.number("backendPort") ?? -1))
    .flatMap((pool) => pool.objects("networkSecurityGroupRules"))
    .filter((one) => isText(one.text("access"), "Allow") && isInternet(one.text("sourceAddressPrefix") ?? ""))
    .map((one) => ({
      property: one.path("sourceAddressPrefix"),
      found: show(one.get("sourceAddressPrefix")),
      expected: "the addresses that need it",
    }));
}

function forEverySubscription(one: Properties): Finding[] {
  return one
    .texts("subscriptions")
    .filter(({ value }) => value.trim() === "*")
    .map(({ path }) => ({ property: path, found: '"*"', expected: "the subscriptions that need it" }));
}

/** What runs with the rights of the program, at an address that is neither a storage account's nor held to a checksum. */
function bySomebody(link: Properties, name: string): Finding[] {
  const found = link.text(name) ?? "";
  if (!/^https?:/i.test(found) || isOfStorage(found) || link.get("contentHash") !== undefined) return [];
  return [{ property: link.path(name), found: show(found), expected: "the text itself, or its checksum beside it" }];
}

/** Whoever may write a token with such a subject takes on the identity. */
function federation(properties: Properties): Finding[] {
  const expression = properties.object("claimsMatchingExpression");
  return [
    { property: properties.path("subject"), value: properties.text("subject") ?? "" },
    { property: expression.path("value"), value: expression.text("value") ?? "" },
  ]
    .filter(({ value }) => /^\*|\brepo:(?:\*|[\w.-]+\/\*)|["']\*["']/.test(value.trim()))
    .map(({ property, value }) => ({ property, found: show(value), expected: "one repository and one branch" }));
}
