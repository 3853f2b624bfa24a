import { areInternet, isInternet } from "./addresses.ts";
import type { Properties } from "./properties.ts";

/** One condition of a policy or a group, with the path of its value. */
export interface Selector {
  /** By its present name, for instance `emailDomain`. */
  readonly kind: string;
  readonly value: string;
  readonly path: string;
}

/** Conditions by their present name: where the value is, and what release 5 of the provider calls the list of them. */
const KINDS: readonly (readonly [kind: string, value: string, list: string])[] = [
  ["authMethod", "authMethod", "authMethod"],
  ["commonName", "commonName", "commonNames"],
  ["devicePosture", "integrationUid", "devicePostures"],
  ["email", "email", "emails"],
  ["emailDomain", "domain", "emailDomains"],
  ["emailList", "id", "emailLists"],
  ["geo", "countryCode", "geos"],
  ["group", "id", "groups"],
  ["ip", "ip", "ips"],
  ["ipList", "id", "ipLists"],
  ["loginMethod", "id", "loginMethods"],
  ["serviceToken", "tokenId", "serviceTokens"],
  ["userRiskScore", "userRiskScores", "userRiskScores"],
];

/** Where anybody can have an address. */
const ANYBODYS_MAIL = new Set(
  (
    "gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de hotmail.co.uk live.com msn.com yahoo.com " +
    "yahoo.de yahoo.co.uk ymail.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net " +
    "gmx.at gmx.ch web.de t-online.de freenet.de aol.com mail.com mail.ru yandex.com yandex.ru qq.com 163.com zoho.com " +
    "fastmail.com tutanota.com tuta.com hey.com duck.com mailinator.com"
  ).split(" "),
);

/** Every condition in a list of a policy, whichever release of the provider wrote it. */
export function selectorsOf(policy: Properties, list: "includes" | "requires"): Selector[] {
  return policy.objects(list).flatMap((one) => {
    const known = new Set(KINDS.flatMap(([kind, , many]) => [kind, many]));
    const others = one
      .names()
      .filter((name) => !known.has(name) && one.get(name) !== undefined && one.flag(name) !== false)
      .filter((name) => !isNothing(one.get(name)))
      .map((name) => ({ kind: name, value: "", path: one.path(name) }));
    return [...others, ...KINDS.flatMap((kind) => ofKind(one, kind))];
  });
}

function ofKind(one: Properties, [kind, inner, list]: (typeof KINDS)[number]): Selector[] {
  const many = one.texts(list).map(({ value, path }) => ({ kind, value, path }));
  const single = one.text(kind);
  if (single !== undefined) return [...many, { kind, value: single, path: one.path(kind) }];
  if (one.get(kind) === undefined && !one.isUnknown(kind)) return many;
  if (Array.isArray(one.get(kind))) return many;
  return [...many, { kind, value: one.object(kind).text(inner) ?? "", path: one.object(kind).path(inner) }];
}

/** What makes a condition one that anybody can meet; undefined when it tells people apart. */
export function isMetByAnybody({ kind, value }: Selector): string | undefined {
  const text = value.trim().toLowerCase();
  switch (kind) {
    case "everyone":
      return "everyone";
    case "anyValidServiceToken":
      return "the token of any service";
    case "geo":
      return `${value}, where everybody in the country is, and everybody with an exit there`;
    case "commonName":
      return /^\*(?:\.|$)/.test(text) && !/\w\.\w/.test(text) ? `${value}, which is any name` : undefined;
    case "authMethod":
      return `${value}, a way to log in that anybody may use`;
    case "userRiskScore":
      return "a score, which everybody has";
    case "email":
      return /^\*?@|\*/.test(text) ? `${value}, which is no one person` : undefined;
    case "emailDomain": {
      const domain = text.replace(/^[*@.]+/, "");
      if (!domain.includes(".")) return `${value}, where anybody can have an address`;
      return ANYBODYS_MAIL.has(domain) ? `${domain}, where anybody can have an address` : undefined;
    }
    case "ip":
      return isInternet(value) ? `${value}, which is everyone` : undefined;
    default:
      return undefined;
  }
}

/** Of several conditions, where the addresses begin that together are everyone. */
export function joinedAddresses(selectors: readonly Selector[]): { path: string; found: string } | undefined {
  const addresses = selectors.filter(({ kind, value }) => kind === "ip" && !isInternet(value));
  const [first] = addresses;
  if (first === undefined || !areInternet(addresses.map(({ value }) => value))) return undefined;
  return { path: first.path, found: `${String(addresses.length)} blocks that add up to much of the internet` };
}

function isNothing(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
