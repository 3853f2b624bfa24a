import type { Endpoint } from "#components/wiring/blueprint.ts";
import type { SiteSettings } from "../site.ts";
import type { ProtectedSite } from "./options.ts";

/** An Authelia, and before which sites it stands: whoever hands requests on reads it here, and nowhere else. */
export interface AutheliaEndpoint extends Endpoint<"authelia"> {
  /** Where people log in. */
  readonly site: SiteSettings;
  readonly protects: readonly ProtectedSite[];
}
