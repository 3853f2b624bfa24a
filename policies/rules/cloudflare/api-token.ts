import { areInternet } from "#lib/addresses.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const EVERY_ACCOUNT = /^com\.cloudflare\.api\.(?:account|user)\.\*$/;
const EVERY_ZONE = /^com\.cloudflare\.api\.account\.zone\.\*$/;

export const rule: Rule = {
  id: "cloudflare.api-token",
  title: "A token is for the accounts and zones that it is needed for.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "A token over everything that leaks is every account, every zone and every tunnel of its maker.",
  fix: "Name the account or the zone by its id in `resources`; limit it by `condition.requestIp` and `expiresOn`.",
  waivable: "by-configuration",
  types: [cloudflare.apiToken, cloudflare.accountToken],
  check: ({ properties }) => [
    ...properties
      .objects("policies")
      .filter((one) => one.text("effect")?.trim().toLowerCase() !== "deny")
      .flatMap((one) => wide(one, isLimited(properties))),
    ...fromAnywhere(properties.object("condition").object("requestIp")),
  ],
  examples: {
    good: [
      token("One zone", "tg-zone", { "com.cloudflare.api.account.zone.0123456789abcdef0123456789abcdef": "*" }),
      token("The zones of one account", "tg-account", {
        [`com.cloudflare.api.account.${exampleAccount}`]: { "com.cloudflare.api.account.zone.*": "*" },
      }),
    ],
    bad: [
      token("Every account", "tb-account", { "com.cloudflare.api.account.*": "*" }),
      token("Every zone, for ever and from anywhere", "tb-zone", { "com.cloudflare.api.account.zone.*": "*" }),
    ],
  },
};

function wide(policy: Properties, limited: boolean): Finding[] {
  return resourcesOf(policy)
    .filter((name) => EVERY_ACCOUNT.test(name) || (EVERY_ZONE.test(name) && !limited))
    .map((name) => ({ property: policy.path("resources"), found: name, expected: "the ids of what it is needed for" }));
}

/** A map, or in release 6 of the provider a map as JSON. */
function resourcesOf(policy: Properties): string[] {
  const text = policy.text("resources");
  if (text === undefined) return policy.object("resources").names();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

function isLimited(properties: Properties): boolean {
  const addresses = properties.object("condition").object("requestIp");
  return (
    properties.get("expiresOn") !== undefined || addresses.get("ins") !== undefined || properties.isUnknown("condition")
  );
}

function fromAnywhere(addresses: Properties): Finding[] {
  const given = addresses.texts("ins").map(({ value }) => value);
  if (!areInternet(given)) return [];
  return [
    { property: addresses.path("ins"), found: given.slice(0, 4).join(", "), expected: "the addresses that use it" },
  ];
}

function token(title: string, name: string, resources: object): Example {
  const policies = [{ effect: "allow", permissionGroups: [{ id: "example" }], resources: JSON.stringify(resources) }];
  return { title, resources: [{ type: cloudflare.apiToken, name, properties: { name, policies } }] };
}
