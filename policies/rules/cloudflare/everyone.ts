import { application, exampleAccount, of } from "#lib/cloudflare-examples.ts";
import { isMetByAnybody, joinedAddresses, selectorsOf } from "#lib/cloudflare-selectors.ts";
import type { Selector } from "#lib/cloudflare-selectors.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

// What Access can still look at when it is bypassed.
const BY_ADDRESS = new Set(["ip", "ipList", "geo", "devicePosture"]);

const EXPECTED = "the people, groups or addresses that need it";

export const rule: Rule = {
  id: "cloudflare.everyone",
  title: "An Access policy lets in people, not everyone.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A policy that anybody meets is a login page in front of an open door.",
  fix: "Name people, groups or a domain of your own in `includes`, or narrow it with `requires`.",
  waivable: "by-configuration",
  types: [cloudflare.accessPolicy, cloudflare.accessApplication, cloudflare.accessGroup],
  check: ({ type, properties }) => {
    if (type === cloudflare.accessApplication) return properties.objects("policies").flatMap((one) => admitted(one));
    return admitted(properties, type === cloudflare.accessGroup ? "allow" : undefined);
  },
  examples: {
    good: [
      policy("One person", "yg-person", { includes: [{ email: { email: "operator@example.com" } }] }),
      policy("A domain of one's own", "yg-domain", { includes: [{ emailDomain: { domain: "example.com" } }] }),
      policy("Everyone of a group", "yg-narrow", {
        includes: [{ everyone: {} }],
        requires: [{ group: { id: "00000000-0000-4000-8000-000000000002" } }],
      }),
      policy("People in a country", "yg-country", {
        includes: [{ email: { email: "operator@example.com" } }],
        requires: [{ geo: { countryCode: "DE" } }],
      }),
      policy("Nobody", "yg-nobody", { decision: "deny", includes: [{ everyone: {} }] }),
      policy("Known addresses pass", "yg-known", { decision: "bypass", includes: [{ ip: { ip: "203.0.113.0/24" } }] }),
      of("A policy inside an application", application("yg-app", "yg-app.example.com")),
    ],
    bad: [
      policy("Everyone", "yb-all", { includes: [{ everyone: {} }] }),
      policy("One of several", "yb-one", {
        includes: [{ email: { email: "operator@example.com" } }, { everyone: {} }],
      }),
      policy("Whoever has a token of any service", "yb-token", {
        decision: "non_identity",
        includes: [{ anyValidServiceToken: {} }],
      }),
      policy("Whoever has an address at a public provider", "yb-mail", {
        includes: [{ emailDomain: { domain: "Gmail.com" } }],
      }),
      policy("The whole internet", "yb-net", { includes: [{ ip: { ip: "0.0.0.0/0" } }] }),
      policy("Everybody in a country", "yb-country", { includes: [{ geo: { countryCode: "DE" } }] }),
      policy("Everyone, narrowed by what anybody has", "yb-factor", {
        includes: [{ everyone: {} }],
        requires: [{ authMethod: { authMethod: "mfa" } }],
      }),
      policy("The internet in blocks", "yb-blocks", {
        includes: ["8.0.0.0/9", "8.128.0.0/9"].map((ip) => ({ ip: { ip } })),
      }),
      policy("Access is passed by", "yb-bypass", { decision: "bypass", includes: [{ everyone: {} }] }),
      policy("Access cannot tell who passes it by", "yb-blind", {
        decision: "bypass",
        includes: [{ email: { email: "operator@example.com" } }],
      }),
      of(
        "A policy inside an application",
        application("yb-app", "yb-app.example.com", {
          policies: [{ name: "all", decision: "allow", includes: [{ everyone: {} }] }],
        }),
      ),
      {
        title: "A group of everyone",
        resources: [
          {
            type: cloudflare.accessGroup,
            name: "yb-group",
            properties: { accountId: exampleAccount, name: "yb-group", includes: [{ everyone: {} }] },
          },
        ],
      },
    ],
  },
};

function admitted(properties: Properties, decides?: string): Finding[] {
  const decision = decides ?? properties.text("decision")?.toLowerCase();
  if (decision === undefined || decision === "deny" || isNarrowed(properties)) return [];
  const selectors = selectorsOf(properties, "includes");
  const found = selectors.flatMap((one) => {
    const open = isMetByAnybody(one);
    if (open !== undefined) return [{ property: one.path, found: open }];
    return decision === "bypass" ? blindPart(one, properties) : [];
  });
  const joined = joinedAddresses(selectors);
  const all = joined === undefined ? found : [...found, { property: joined.path, found: joined.found }];
  return all.map((one) => ({ ...one, expected: EXPECTED }));
}

/** Everybody has to meet each of the further conditions, so one that not anybody meets is enough. */
function isNarrowed(properties: Properties): boolean {
  if (properties.isUnknown("requires")) return true;
  return selectorsOf(properties, "requires").some((one) => isMetByAnybody(one) === undefined);
}

function blindPart({ kind }: Selector, policy: Properties): { property: string; found: string }[] {
  if (BY_ADDRESS.has(kind)) return [];
  return [{ property: policy.path("decision"), found: "a bypass by who somebody is, which Access then cannot tell" }];
}

function policy(title: string, name: string, changes: object): Example {
  const properties = { accountId: exampleAccount, name, decision: "allow", ...changes };
  return { title, resources: [{ type: cloudflare.accessPolicy, name, properties }] };
}
