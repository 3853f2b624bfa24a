import { isInternet } from "../../lib/addresses.ts";
import { application, exampleAccount, of } from "../../lib/cloudflare-examples.ts";
import { cloudflare } from "../../lib/cloudflare-types.ts";
import type { Properties } from "../../lib/properties.ts";
import type { Example, Finding, Rule } from "../../lib/rule.ts";

/** Where anybody can have an address. */
const ANYBODYS_MAIL = new Set([
  ...["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com"],
  ...["proton.me", "protonmail.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "aol.com", "mail.com", "yandex.com"],
]);

// What Access can still look at when it is bypassed.
const BY_ADDRESS = ["ip", "ipList", "geo", "devicePosture"];

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
  return properties.objects("includes").flatMap((one) => {
    const open = openPart(one) ?? (decision === "bypass" ? blindPart(one, properties) : undefined);
    return open === undefined ? [] : [{ ...open, expected: EXPECTED }];
  });
}

/** Everybody has to meet one of the further conditions, so one that not anybody meets is enough. */
function isNarrowed(properties: Properties): boolean {
  if (properties.isUnknown("requires")) return true;
  return properties.objects("requires").some((one) => openPart(one) === undefined);
}

function openPart(one: Properties): { property: string; found: string } | undefined {
  if (isSet(one, "everyone")) return { property: one.path("everyone"), found: "everyone" };
  if (isSet(one, "anyValidServiceToken")) {
    return { property: one.path("anyValidServiceToken"), found: "the token of any service" };
  }
  const domain = one.object("emailDomain").text("domain")?.trim().toLowerCase().replace(/^@/, "");
  if (domain !== undefined && ANYBODYS_MAIL.has(domain)) {
    return {
      property: one.object("emailDomain").path("domain"),
      found: `${domain}, where anybody can have an address`,
    };
  }
  const address = one.object("ip").text("ip");
  if (address !== undefined && isInternet(address)) {
    return { property: one.object("ip").path("ip"), found: `${address}, which is everyone` };
  }
  return undefined;
}

function blindPart(one: Properties, policy: Properties): { property: string; found: string } | undefined {
  if (BY_ADDRESS.some((name) => one.get(name) !== undefined || one.isUnknown(name))) return undefined;
  return { property: policy.path("decision"), found: "a bypass by who somebody is, which Access then cannot tell" };
}

function isSet(one: Properties, name: string): boolean {
  return one.get(name) !== undefined && one.flag(name) !== false;
}

function policy(title: string, name: string, changes: object): Example {
  const properties = { accountId: exampleAccount, name, decision: "allow", ...changes };
  return { title, resources: [{ type: cloudflare.accessPolicy, name, properties }] };
}
