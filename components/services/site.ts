import { z } from "zod";
import { isHostName } from "../settings/forms.ts";
import { settingsPart } from "../settings/part.ts";
import type { SettingsPart } from "../settings/part.ts";
import { worded } from "../settings/words.ts";

/** What every site is told. */
export const siteFields = {
  domain: worded(z.string().refine(isHostName), "a name such as www.example.org", "<name of the site>")
    .optional()
    .describe("Name under which people open it. Needed outside the lab."),
};

/** What nobody can invent of a site. */
export const siteNeeds = { domain: "the name under which people open it" };

/** Where people open one service. */
export type SiteSettings = SettingsPart<typeof siteFields>;

/**
 * Where people open a service, below a name of its own among the settings.
 *
 * @example
 * ```ts
 * // garrison:wiki: { domain: wiki.example.org }
 * const wiki = siteSettings("wiki");
 * ```
 */
export function siteSettings(name: string): SiteSettings {
  return settingsPart(name, `Where ${name} is opened.`, siteFields, siteNeeds);
}

/** The address under which people open a service; in a lab that says none, a name that nobody has. */
export function originOf(
  name: string,
  { domain = `${name}.site.test` }: { readonly domain?: string | undefined },
): string {
  return `https://${domain}`;
}
