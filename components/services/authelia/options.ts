import type { Endpoint, Service } from "#components/wiring/blueprint.ts";
import type { SiteSettings } from "../site.ts";

/** A site before which somebody has to log in. */
export interface ProtectedSite {
  readonly site: SiteSettings;
  /** What is opened there: while the settings switch it off, there is no rule. @default something else than a service */
  readonly of?: Service;
  /** Paths that ask nobody, as regular expressions of Go: `["^/webhook/"]`. @default none */
  readonly open?: readonly string[];
}

export interface AutheliaOptions {
  readonly sessions: Endpoint<"redis">;
  /** Where people log in. Its name without the first label is the domain of the session. */
  readonly site: SiteSettings;
  /** Sites beside it, which let in who has logged in with two factors. */
  readonly protects: readonly ProtectedSite[];
}
