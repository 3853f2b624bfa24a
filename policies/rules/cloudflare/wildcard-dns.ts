import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";

// A wildcard of another type leads nobody anywhere: a TXT record that forbids mail for all names is good practice.
const LEADS_SOMEWHERE = /^(A|AAAA|CNAME|HTTPS|SVCB|NS)$/i;

export const rule: Rule = {
  id: "cloudflare.wildcard-dns",
  title: "No DNS record leads every name to a service.",
  severity: "medium",
  level: "mandatory",
  references: [],
  why: "Every name that somebody makes up then leads to the estate, also to what was meant to be off.",
  fix: "Declare a record for each name that is served.",
  waivable: "by-configuration",
  types: [cloudflare.dnsRecord],
  check: ({ properties }) => {
    const name = properties.text("name")?.trim() ?? "";
    if (!/^\*(\.|$)/.test(name) || !LEADS_SOMEWHERE.test(properties.text("type")?.trim() ?? "")) return [];
    return [{ property: "name", found: show(name), expected: "a record for each name" }];
  },
  examples: {
    good: [
      record("One name", "dg-one", {}),
      record("No mail for any name", "dg-text", { name: "*", type: "TXT", content: "v=spf1 -all" }),
    ],
    bad: [
      record("Every name of the zone", "db-all", { name: "*" }),
      record("Every name of the zone, written out", "db-full", { name: "*.example.com" }),
      record("Every name below one", "db-below", { name: "*.apps", type: "A", content: "192.0.2.1" }),
    ],
  },
};

function record(title: string, name: string, changes: object): Example {
  const content = "00000000-0000-4000-8000-000000000001.cfargotunnel.com";
  const properties = { zoneId: exampleAccount, name, type: "CNAME", content, ttl: 1, proxied: true, ...changes };
  return { title, resources: [{ type: cloudflare.dnsRecord, name, properties }] };
}
