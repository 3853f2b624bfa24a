import { cloudflare } from "./cloudflare-types.ts";
import type { Properties } from "./properties.ts";
import type { Resource, Stack } from "./resource.ts";

/** A policy inside an application or of its own, or a group: who is let in. */
interface Admission {
  readonly decision: string | undefined;
  readonly properties: Properties;
}

/** An address that an application guards. */
interface Place {
  readonly host: string;
  /** Without slashes around it; empty for all paths. */
  readonly path: string;
}

/** Applications that only show a link, or that guard something else than a hostname. */
const GUARD_NO_HOST = new Set(["app_launcher", "biso", "bookmark", "dash_sso", "infrastructure", "saas", "warp"]);

/** Whether an application stands before its hostnames. */
export function isGuard({ properties }: Resource): boolean {
  return !GUARD_NO_HOST.has(properties.text("type")?.trim().toLowerCase() ?? "self_hosted");
}

/** The addresses that an application guards, as far as they are known. */
export function placesOf({ properties }: Resource): readonly Place[] {
  const destinations = properties
    .objects("destinations")
    .filter((one) => (one.text("type") ?? "public") === "public")
    .map((one) => one.text("uri"));
  const domains = [properties.text("domain"), ...properties.texts("selfHostedDomains").map(({ value }) => value)];
  return [...destinations, ...domains].filter((one) => one !== undefined).map(placeOf);
}

/** Whether an application may guard more than is known yet. */
export function isOpenEnded({ properties }: Resource): boolean {
  return ["domain", "selfHostedDomains", "destinations"].some((name) => properties.isUnknown(name));
}

/**
 * How closely a place matches a route, or undefined when it does not guard all of it. A larger number is closer, and the
 * closest application decides.
 * @param path the route's regular expression
 */
export function closeness(place: Place, hostname: string, path: string | undefined): number | undefined {
  if (!matchesHost(place.host, hostname)) return undefined;
  const prefix = literalPrefix(path ?? "");
  const guarded = place.path.replace(/\*+$/, "").replace(/\/+$/, "");
  if (guarded !== "" && prefix !== guarded && !prefix.startsWith(`${guarded}/`)) return undefined;
  return place.host.replaceAll("*", "").length + guarded.length + (place.host.includes("*") ? 0 : 1000);
}

/** Everyone who decides on an application; undefined when one of them is another program's or not known yet. */
export function admissionsOf(application: Resource, stack: Stack): readonly Admission[] | undefined {
  const policies = application.properties.objects("policies");
  if (application.properties.isUnknown("policies")) return undefined;
  const found = policies.map((policy): Admission | undefined => {
    if (policy.get("decision") !== undefined) return { decision: policy.text("decision"), properties: policy };
    const id = policy.text("id");
    const named = stack
      .ofType(cloudflare.accessPolicy)
      .find((one) => id !== undefined && one.properties.text("id") === id);
    return named && { decision: named.properties.text("decision"), properties: named.properties };
  });
  const all = [...found, ...attached(application, stack)];
  return all.some((one) => one === undefined) ? undefined : all.filter((one) => one !== undefined);
}

/** In release 5 of the provider a policy names the application that it belongs to. */
function attached(application: Resource, stack: Stack): (Admission | undefined)[] {
  const id = application.properties.text("id");
  return stack.ofType(cloudflare.accessPolicy).flatMap(({ properties }) => {
    const belongsTo = properties.text("applicationId");
    if (belongsTo === undefined && !properties.isUnknown("applicationId")) return [];
    if (belongsTo === undefined || id === undefined) return [undefined];
    return belongsTo === id ? [{ decision: properties.text("decision"), properties }] : [];
  });
}

function placeOf(uri: string): Place {
  const bare = uri
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "");
  const slash = bare.indexOf("/");
  const host = (slash < 0 ? bare : bare.slice(0, slash)).replace(/:\d+$/, "");
  return { host, path: slash < 0 ? "" : bare.slice(slash + 1).replace(/\/+$/, "") };
}

/** A star stands for one or more characters of one label. A route with stars needs the same stars. */
function matchesHost(pattern: string, hostname: string): boolean {
  if (pattern === hostname) return true;
  const [wanted, given] = [pattern.split("."), hostname.split(".")];
  return wanted.length === given.length && wanted.every((label, index) => matchesLabel(label, given[index] ?? ""));
}

function matchesLabel(pattern: string, label: string): boolean {
  if (pattern === label) return true;
  const parts = pattern.split("*");
  if (parts.length !== 2 || label.includes("*")) return pattern === "*" && label !== "";
  const [before = "", after = ""] = parts;
  return label.length > before.length + after.length && label.startsWith(before) && label.endsWith(after);
}

/** What every match of a route's regular expression begins with, when it is anchored. */
function literalPrefix(path: string): string {
  if (!/^(\^|\/)/.test(path)) return "";
  const literal = /^\^?\/?([\w\-/]*)/.exec(path)?.[1] ?? "";
  return literal.toLowerCase().replace(/\/+$/, "");
}
