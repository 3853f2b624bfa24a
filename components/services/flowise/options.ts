import type { AllowedHosts, Endpoint } from "#components/wiring/blueprint.ts";
import type { SiteSettings } from "../site.ts";

export interface FlowiseOptions {
  readonly out: Endpoint<"forward-proxy">;
  /** What its flows may ask, by name: nothing else is reached. */
  readonly hosts: readonly AllowedHosts[];
  /** Where it is opened. */
  readonly site: SiteSettings;
}
