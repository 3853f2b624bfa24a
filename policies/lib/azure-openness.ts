import { areInternet, isInternet } from "./addresses.ts";
import { wideRules } from "./azure-firewalls.ts";
import { isText } from "./azure-resources.ts";
import { azure } from "./azure-types.ts";
import { serviceType as service } from "./azure-services.ts";
import { ADMINISTRATION, SERVICES } from "./ports.ts";
import type { Properties } from "./properties.ts";
import { show } from "./properties.ts";
import type { Resource } from "./resource.ts";
import type { Finding } from "./rule.ts";

const TRUE = /^true$/i;
const FALSE = /^false$/i;
const ENABLED = /^enabled$/i;
const PLAIN_HTTP = /^http:\/\/(?!localhost|127\.|10\.|192\.168\.|\[)/i;
const OLD_TLS = /^(?:tlsv?)?_?1[._]?[01]$|^tls$|^none$|^tlsenforcementdisabled$|^ssl/i;

/** Settings that Azure's services share: their names, the values by which they are open, and what is expected. */
const WEAK: readonly (readonly [names: string, weak: RegExp, expected: string])[] = [
  [
    "disableLocalAuth disableLocalAccounts localAuthenticationDisabled localAccountDisabled",
    FALSE,
    "true: no key or password beside the identities",
  ],
  ["localAuthenticationEnabled localAuthEnabled", TRUE, "false: no key or password beside the identities"],
  ["minimalTlsVersion minimumTlsVersion minTlsVersion minProtocolVersion", OLD_TLS, "TLS 1.2 or later"],
  ["sshPublicAccess remoteLoginPortPublicAccess", ENABLED, "Disabled, or the network's own way in"],
  ["enableNodePublicIP nodePublicIpEnabled enableShareableLink shareableLinkEnabled", TRUE, "false"],
  ["allowInsecure allowInsecureConnections enableNonSslPort nonSslPortEnabled", TRUE, "false: TLS only"],
  ["adminUserEnabled anonymousPullEnabled remoteDebuggingEnabled", TRUE, "false"],
  ["httpsRedirect", /^disabled$/i, "Enabled"],
  ["forwardingProtocol", /^httponly$/i, "HttpsOnly"],
  ["privileged allowPrivilegeEscalation", TRUE, "false"],
  ["endpointUrl serviceUri webhookUri callbackUri", PLAIN_HTTP, "an address over HTTPS"],
  ["enableRBAC httpsOnly sslEnforcementEnabled", FALSE, "true"],
  ["ftpsState", /^allallowed$/i, "FtpsOnly or Disabled"],
  ["clientProtocol", /^plaintext$/i, "Encrypted"],
  ["sslEnforcement", /^disabled$/i, "Enabled"],
  ["threatIntelMode threatIntelligenceMode", /^off$/i, "Alert or Deny"],
];
/** Old protocols that a gateway for programs switches on one by one. */
const OLD_PROTOCOL = /\.Protocols\.(?:Tls1[01]|Ssl30)$/;
const weakNames = new Map(
  WEAK.flatMap(([names, weak, expected]) =>
    names.split(" ").map((name) => [name.toLowerCase(), { weak, expected }] as const),
  ),
);

/** Lists of addresses that are let in, and single ones. */
const ADDRESSES = new Set(
  (
    "addressrange allowedsourceaddressprefix allowedsourceaddressprefixes authorizedipranges allowediprangelist " +
    "allowedips ipallowlist allowedipaddresses allowedclients"
  ).split(" "),
);

/** What has a rule of its own, which knows more of it. */
const JUDGED_ELSEWHERE: ReadonlySet<string> = new Set([
  ...[azure.storageAccount, azure.vault, azure.managedHsm, azure.disk, azure.snapshot, azure.machine, azure.scaleSet],
  ...[azure.securityGroup, azure.securityRule, azure.adminRule],
]);
/** What is there to be reached from the internet. */
const FOR_EVERYBODY = /^azure-native:(?:web|apimanagement|signalrservice|webpubsub|maps|botservice|communication|cdn):/;
const IS_APP_HOST = /:ManagedEnvironment$|^azure:(?:appservice|containerapp|apimanagement)\//;

/** Whether the settings that Azure's services share are looked for in a resource. */
export function hasSharedSettings({ type }: Pick<Resource, "type">): boolean {
  return /^azure(?:-native)?:/.test(type) && !JUDGED_ELSEWHERE.has(type);
}

/** What is weak or open among the settings that Azure's services share, wherever it stands. */
export function sharedSettings(resource: Resource): Finding[] {
  const found = [...resource.properties.everyObject()].flatMap((holder) => [
    ...holder.names().flatMap((name) => [...weakSetting(holder, name), ...addresses(holder, name)]),
    ...addressSpan(holder),
    ...ingress(holder),
  ]);
  return once(found);
}

/** Public access in so many words, with no rule that refuses. */
export function publicAccess(resource: Resource): Finding[] {
  const { type, properties } = resource;
  if (FOR_EVERYBODY.test(type) || IS_APP_HOST.test(type) || type === service.cosmos) return [];
  return once([...properties.everyObject()].flatMap(accessTo));
}

function weakSetting(holder: Properties, name: string): Finding[] {
  const how =
    weakNames.get(name.toLowerCase()) ??
    (OLD_PROTOCOL.test(name) ? { weak: TRUE, expected: "TLS 1.2 or later" } : undefined);
  const value = how === undefined ? undefined : holder.text(name);
  if (how === undefined || value === undefined || !how.weak.test(value.trim())) return [];
  return [{ property: holder.path(name), found: show(holder.get(name)), expected: how.expected }];
}

function addresses(holder: Properties, name: string): Finding[] {
  if (!ADDRESSES.has(name.toLowerCase())) return [];
  const single = holder.text(name);
  const given = single === undefined ? holder.texts(name).map(({ value }) => value) : [single];
  if (!given.some(isInternet) && !areInternet(given)) return [];
  const found = given.slice(0, 4).join(", ");
  return [{ property: holder.path(name), found, expected: "the addresses that need it" }];
}

/** Of a range whose first and last address are 0.0.0.0 Azure makes a rule for all its customers. */
function addressSpan(holder: Properties): Finding[] {
  const named = (pattern: RegExp) => holder.names().find((name) => pattern.test(name));
  const [start, end] = [named(/^start_?ip(?:v?4?_?address)?$/i), named(/^end_?ip(?:v?4?_?address)?$/i)];
  if (start === undefined || end === undefined) return [];
  const [first = "", last = ""] = [start, end].map((name) => holder.text(name)?.trim());
  const isForCustomers = first === "0.0.0.0" && last === first;
  if (!isForCustomers && !areInternet([`${first}-${last}`])) return [];
  const found = isForCustomers ? "every customer of Azure" : `${first} to ${last}`;
  return [{ property: holder.path(start), found, expected: "the addresses that need it" }];
}

/** The way into a container app: over TCP nothing is before it. */
function ingress(holder: Properties): Finding[] {
  if (!holder.names().includes("targetPort")) return [];
  const isOpen = ["external", "externalEnabled"].some((name) => holder.flag(name) === true);
  if (!isOpen || !isText(holder.text("transport"), "tcp")) return [];
  const ports = [holder.number("exposedPort"), holder.number("targetPort")].filter((port) => port !== undefined);
  const name = ports.map((port) => ADMINISTRATION.get(port) ?? SERVICES.get(port)).find((one) => one !== undefined);
  if (name === undefined) return [];
  return [{ property: holder.path("targetPort"), found: `${name}, open to everybody`, expected: "an ingress within" }];
}

function accessTo(holder: Properties): Finding[] {
  return ["publicNetworkAccess", "publicNetworkAccessEnabled"].flatMap((name) => {
    if (!holder.names().includes(name)) return [];
    const isOpen = isText(holder.text(name), "Enabled") || holder.flag(name) === true;
    if (!isOpen) return [];
    const narrowed = narrowing(holder);
    if (narrowed !== undefined) return narrowed;
    const property = holder.path(name);
    return [{ property, found: show(holder.get(name)), expected: "Disabled, or named networks" }];
  });
}

const RULES = ["networkAcls", "networkRuleSet", "networkRuleSets", "networkRules"];
const RULE_VALUES = ["value", "iPAddressOrRange", "ipMask", "ipAddressOrRange"];
const LISTS = ["ipRules", "virtualNetworkRules", "allowedIpRangeList", "ipAllowlist", "networkRulesets"];

/** What the rules beside a setting still let in; undefined where there are none. */
function narrowing(holder: Properties): Finding[] | undefined {
  for (const rules of RULES.map((name) => holder.object(name))) {
    const isDenying = isText(rules.text("defaultAction"), "Deny");
    if (isDenying || hasElements(rules, "ipRules")) return RULE_VALUES.flatMap((name) => wideRules(rules, name));
  }
  return LISTS.some((name) => hasElements(holder, name)) ? [] : undefined;
}

function hasElements(holder: Properties, name: string): boolean {
  const list = holder.get(name);
  return (Array.isArray(list) && list.length > 0) || (list === undefined && holder.isUnknown(name));
}

/** A setting that was translated has two names and one place. */
function once(found: readonly Finding[]): Finding[] {
  const places = new Set<string>();
  return found.filter(({ property }) => !places.has(property) && places.add(property));
}
