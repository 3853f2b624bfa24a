import type { Endpoint } from "#components/wiring/blueprint.ts";
import type { AutheliaEndpoint } from "../authelia/endpoint.ts";
import type { SiteSettings } from "../site.ts";

/** A service that is opened under a name of its own. */
export interface FrontSite {
  readonly to: Endpoint<"http"> | Endpoint<"https">;
  /** Where it is opened: what Authelia protects is known by this. */
  readonly at: SiteSettings;
  /** Largest request, in MiB. @default 1 */
  readonly bodyMiB?: number;
  /** Its pages hear what is new by a websocket, or by an answer that goes on: up to an hour, unbuffered. @default false */
  readonly live?: boolean;
}

export interface FrontOptions {
  readonly sites: readonly FrontSite[];
  /** Who is asked before a site that it protects; its own page is a site too. @default nobody: every site is open */
  readonly login?: AutheliaEndpoint;
}

/** A site as it is on one machine. */
export interface PlannedSite {
  /** Name of the service: of its server block and of its logs. */
  readonly name: string;
  readonly domain: string;
  /** `http://10.77.0.66:8080` */
  readonly upstream: string;
  readonly bodyMiB: number;
  readonly live: boolean;
  /** Where people log in before it, and who is asked: `{ page: "https://login.example.org", ask: "http://10.77.0.67:9091" }`. */
  readonly login?: { readonly page: string; readonly ask: string };
  /** It is the page where people log in: the session is its own. @default false */
  readonly isLogin?: boolean;
}

/** Whose files a certificate is, on the machine. */
export interface PlannedCertificate {
  readonly site: string;
  readonly certificate: string;
  readonly key: string;
}
