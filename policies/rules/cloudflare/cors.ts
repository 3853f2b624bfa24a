import { application, exampleAccount, of } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const WRITES = /^(?:put|post|delete|patch|\*)$/i;

export const rule: Rule = {
  id: "cloudflare.cors",
  title: "No page of the internet may act with a visitor's session.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "Any page that a person happens to open then reads and changes what the person may.",
  fix: "Name the pages in `allowedOrigins`, and leave out credentials or methods that nobody needs.",
  waivable: "by-configuration",
  types: [cloudflare.accessApplication, cloudflare.bucketCors],
  check: ({ type, properties }) =>
    type === cloudflare.bucketCors ? ofBucket(properties) : headersOf(properties).flatMap(ofApplication),
  examples: {
    good: [
      of("No page", application("og-none", "og-none.example.com")),
      of(
        "One page",
        application("og-one", "og-one.example.com", {
          corsHeaders: { allowedOrigins: ["https://www.example.com"], allowCredentials: true },
        }),
      ),
      bucket("Everybody may read", "og-read", ["GET", "HEAD"]),
    ],
    bad: [
      of(
        "Every page, with the session",
        application("ob-all", "ob-all.example.com", { corsHeaders: { allowAllOrigins: true, allowCredentials: true } }),
      ),
      bucket("Every page may write", "ob-write", ["GET", "PUT"]),
    ],
  },
};

/** Release 5 of the provider has a list of one. */
function headersOf(properties: Properties): Properties[] {
  return Array.isArray(properties.get("corsHeaders"))
    ? properties.objects("corsHeaders")
    : [properties.object("corsHeaders")];
}

function ofApplication(cors: Properties): Finding[] {
  if (cors.flag("allowCredentials") !== true) return [];
  const all = cors.flag("allowAllOrigins") === true ? [{ path: cors.path("allowAllOrigins"), value: "true" }] : [];
  return [...all, ...cors.texts("allowedOrigins").filter(({ value }) => isAnyPage(value))].map(({ path, value }) => ({
    property: path,
    found: `${show(value)}, with credentials`,
    expected: "the pages that need it",
  }));
}

function ofBucket(properties: Properties): Finding[] {
  return properties
    .objects("rules")
    .map((one) => one.object("allowed"))
    .filter((allowed) => allowed.texts("methods").some(({ value }) => WRITES.test(value.trim())))
    .flatMap((allowed) => allowed.texts("origins").filter(({ value }) => isAnyPage(value)))
    .map(({ path, value }) => ({
      property: path,
      found: `${show(value)}, which may write`,
      expected: "the pages that need it",
    }));
}

function isAnyPage(origin: string): boolean {
  return /^(?:https?:\/\/)?\*$/i.test(origin.trim());
}

function bucket(title: string, name: string, methods: readonly string[]): Example {
  const rules = [{ allowed: { methods, origins: ["*"] } }];
  const properties = { accountId: exampleAccount, bucketName: name, rules };
  return { title, resources: [{ type: cloudflare.bucketCors, name, properties }] };
}
