import { z } from "zod";
import { isNearlyEverywhere, rangeOf } from "#components/network/address-set.ts";
import { settingsPart } from "#components/settings/part.ts";
import type { SettingsPart } from "#components/settings/part.ts";
import { worded } from "#components/settings/words.ts";
import type { SiteSettings } from "../site.ts";
import { isCountry } from "./country.ts";

const path = worded(
  z.string().regex(/^(\/[\w@+=.-]+)+$/),
  "an absolute path on the machine, without blanks",
  "/etc/ssl/private/site.pem",
);
const proxy = worded(
  z.string().refine((block) => rangeOf(block) !== undefined && !isNearlyEverywhere([block])),
  "an address, or a block on its own network address that is narrower than a sixteenth of all addresses",
  "203.0.113.0/29",
);
const country = worded(z.string().refine(isCountry), "a country as ISO 3166 writes it: NL", "NL");
const countries = z.array(country).default([]);
const rate = worded(z.int().min(1).max(10_000), "a whole number from 1 to 10000", "20");
const burst = worded(z.int().min(1).max(100_000), "a whole number from 1 to 100000", "100");
const connections = worded(z.int().min(1).max(10_000), "a whole number from 1 to 10000", "100");

const fields = {
  proxies: z
    .array(proxy)
    .default([])
    .describe(
      "Proxies before the machine, whose X-Forwarded-For says last for whom they ask. From anybody else it means nothing.",
    ),
  countryDatabase: path
    .optional()
    .describe("A GeoIP2 or GeoLite2 database of countries on the machine. Needed for the two lists of countries."),
  onlyCountries: countries.describe(
    "Countries whose visitors are let in; whoever is from no known country is not. Empty: everybody.",
  ),
  notCountries: countries.describe(
    "Countries whose visitors are not let in; nor is whoever is from no known country. Empty: everybody is.",
  ),
  requestsPerSecond: rate.default(20).describe("Requests of one visitor that are answered each second, on all sites."),
  burst: burst.default(100).describe("Requests of one visitor beyond that which are answered at once, before 429."),
  connections: connections.default(100).describe("Connections of one visitor at a time, on all sites."),
};

/** What a web front is told beside its sites. */
export type FrontSettings = SettingsPart<typeof fields>;

/** The same, read. */
export type FrontTold = z.infer<z.ZodObject<typeof fields>>;

/** What one web front is told, below its own name: `garrison:front: { onlyCountries: [NL, BE], … }`. */
export function frontSettings(name: string): FrontSettings {
  return settingsPart(name, `What ${name} asks of visitors of all sites.`, fields);
}

const certificateFields = {
  certificate: path.optional().describe("Its certificate and those between, in PEM, as a file of the machine."),
  certificateKey: path.optional().describe("The key of the certificate, in PEM: root's alone."),
};

/** The files of a site's certificate. */
export type CertificateSettings = SettingsPart<typeof certificateFields>;

/** Where the certificate of a site is, beside what the site itself is told. */
export function certificateSettings({ name, about }: SiteSettings): CertificateSettings {
  return settingsPart(name, about, certificateFields, {
    certificate: "the path of its certificate on the machine: it is served over TLS alone",
    certificateKey: "the path of its certificate's key on the machine",
  });
}
