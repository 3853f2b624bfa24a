import type { AllowedHosts, Endpoint } from "#components/wiring/blueprint.ts";
import type { AutomationSettings } from "./settings.ts";

export interface N8nOptions {
  readonly out: Endpoint<"forward-proxy">;
  /** What its workflows may ask, by name: nothing else is reached. */
  readonly hosts: readonly AllowedHosts[];
  /** Where it is opened, and how long it keeps what ran. */
  readonly site: AutomationSettings;
}
