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

interface Told {
  readonly domain?: string | undefined;
}

/** The name under which people open a site, in small letters; in a lab that says none, one that nobody has. */
export function domainOf({ name }: Pick<SiteSettings, "name">, { domain = `${name}.site.test` }: Told): string {
  return domain.toLowerCase();
}

/** The address under which people open a site. */
export function originOf(site: Pick<SiteSettings, "name">, told: Told): string {
  return `https://${domainOf(site, told)}`;
}
