import { z } from "zod";
import { settingsPart } from "#components/settings/part.ts";
import type { SettingsPart } from "#components/settings/part.ts";
import { worded } from "#components/settings/words.ts";
import { siteFields, siteNeeds } from "../site.ts";

const days = worded(z.int().min(1).max(365), "a number of days, 1 to 365", "14");

const fields = {
  ...siteFields,
  keepDays: days.default(14).describe("Days that what ran is kept, with what went through it."),
};

/** Where an automation is opened, and how long it keeps what ran. */
export type AutomationSettings = SettingsPart<typeof fields>;

/**
 * What one n8n is told, below a name of its own among the settings.
 *
 * @example
 * ```ts
 * // garrison:automation: { domain: n8n.example.org, keepDays: 14 }
 * const automation = automationSettings("automation");
 * ```
 */
export function automationSettings(name: string): AutomationSettings {
  return settingsPart(name, `Where ${name} is opened, and how long it keeps what ran.`, fields, siteNeeds);
}
