import { application, of } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Finding, Rule } from "#lib/rule.ts";

const HOURS: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 0, us: 0, ns: 0 };
const WEEK = 168;
const YEAR = 8784;

export const rule: Rule = {
  id: "cloudflare.access-advice",
  title: "A session of Access ends within a week, a service's token within a year, and scripts cannot read the cookie.",
  severity: "low",
  level: "advisory",
  references: ["OWASP ASI03"],
  why: "Who has left, or whose laptop is stolen, comes in until the session ends.",
  fix: "Shorten `sessionDuration` or `duration`, and leave cookies and preflight requests as they are by default.",
  waivable: "by-configuration",
  types: [cloudflare.accessApplication, cloudflare.accessPolicy, cloudflare.serviceToken],
  check: ({ type, properties }) => {
    if (type === cloudflare.serviceToken) return long(properties, "duration", YEAR);
    const policies = type === cloudflare.accessApplication ? properties.objects("policies") : [];
    return [
      ...[properties, ...policies].flatMap((one) => long(one, "sessionDuration", WEEK)),
      ...unlike(properties, "httpOnlyCookieAttribute", true),
      ...unlike(properties, "optionsPreflightBypass", false),
    ];
  },
  examples: {
    good: [
      of("A day", application("vg-day", "vg-day.example.com", { sessionDuration: "24h" })),
      of("Nothing said", application("vg-none", "vg-none.example.com")),
    ],
    bad: [
      of("A month", application("vb-month", "vb-month.example.com", { sessionDuration: "730h" })),
      of("A cookie for scripts", application("vb-cookie", "vb-cookie.example.com", { httpOnlyCookieAttribute: false })),
    ],
  },
};

function long(one: Properties, name: string, most: number): Finding[] {
  const text = one.text(name)?.trim().toLowerCase();
  if (text === undefined || (hoursOf(text) <= most && text !== "forever")) return [];
  return [{ property: one.path(name), found: show(text), expected: `${String(most)}h or less` }];
}

function hoursOf(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (HOURS[unit ?? ""] ?? 0), 0);
}

function unlike(one: Properties, name: string, wanted: boolean): Finding[] {
  const value = one.flag(name);
  if (value === undefined || value === wanted) return [];
  return [{ property: one.path(name), found: String(value), expected: String(wanted) }];
}
