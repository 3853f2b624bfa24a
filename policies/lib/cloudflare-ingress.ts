import type { Properties } from "./properties.ts";
import type { Resource } from "./resource.ts";

/** One route of a tunnel: what the internet asks for, and where it goes. */
export interface Ingress {
  readonly properties: Properties;
  /** In lower case; undefined for every name. */
  readonly hostname: string | undefined;
  /** A regular expression; undefined for every path. */
  readonly path: string | undefined;
  readonly service: string | undefined;
  /** Whether a name or a path limits it, or may once it is known. */
  readonly limited: boolean;
}

/** The routes of a tunnel's configuration, in order. */
export function ingressesOf({ properties }: Resource): readonly Ingress[] {
  return properties
    .object("config")
    .objects("ingresses")
    .map((one) => {
      const hostname = one.text("hostname")?.trim().toLowerCase();
      const path = one.text("path");
      const given = hostname === "" || hostname === "*" ? undefined : hostname;
      const limited = given !== undefined || (path ?? "") !== "" || one.isUnknown("hostname") || one.isUnknown("path");
      return { properties: one, hostname: given, path, service: one.text("service")?.trim(), limited };
    });
}

/** Whether a service answers by itself and reaches nothing. */
export function isAnswer(service: string): boolean {
  return /^http_status:[1-5]\d\d$/i.test(service);
}

/** The scheme and the host of a service, in lower case; undefined for sockets and cloudflared's own services. */
export function originOf(service: string): { scheme: string; host: string } | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/@]*@)?(\[[0-9a-f:.]+\]|[^/:?#]*)/i.exec(service);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { scheme: match[1].toLowerCase(), host: match[2].replace(/^\[|\]$/g, "").toLowerCase() };
}
