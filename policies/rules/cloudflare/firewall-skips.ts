import { isInternet } from "#lib/addresses.ts";
import type { Lists } from "#lib/cloudflare-expressions.ts";
import { isForAnybody } from "#lib/cloudflare-expressions.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Resource, Stack } from "#lib/resource.ts";
import type { Example, ExampleResource, Finding, Rule } from "#lib/rule.ts";

const LETS_PASS = new Set(["skip", "allow", "bypass"]);

export const rule: Rule = {
  id: "cloudflare.firewall-skips",
  title: "No rule lets everybody past the firewall.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "A country, a browser's name or a star keeps no attacker out, so the rules behind such a rule protect nothing.",
  fix: "Name addresses, a path or a client certificate in the expression, or remove the rule.",
  waivable: "by-configuration",
  types: [cloudflare.ruleset, cloudflare.accessRule],
  looksAt: [cloudflare.list, cloudflare.listItem, cloudflare.filter, cloudflare.firewallRule],
  check: ({ type, properties }) =>
    type === cloudflare.accessRule
      ? ofAccessRule(properties)
      : properties.objects("rules").flatMap((one) => ofRule(one)),
  checkStack: (stack) => [...byLists(stack), ...byFilters(stack)],
  examples: {
    good: [
      rules("Skipped for one address", "fg-one", { action: "skip", expression: "ip.src eq 203.0.113.7" }),
      rules("Skipped for a path", "fg-path", { action: "skip", expression: 'http.request.uri.path eq "/webhook"' }),
      rules("Everybody is challenged", "fg-all", { action: "managed_challenge", expression: "true" }),
      rules("Skipped for a list", "fg-list", { action: "skip", expression: "ip.src in $office" }, [
        list("fg-office", "office", "203.0.113.0/24"),
      ]),
    ],
    bad: [
      rules("Skipped for all", "fb-all", { action: "skip", expression: "true" }),
      rules("Managed rules that only watch", "fb-watching", {
        action: "execute",
        expression: "true",
        actionParameters: { id: "efb7b8c949ac4650a09736fc376e9aee", overrides: { action: "log" } },
      }),
      rules("Skipped for a list of everybody", "fb-list", { action: "skip", expression: "ip.src in $all" }, [
        list("fb-everybody", "all", "0.0.0.0/1", "128.0.0.0/1"),
      ]),
      {
        title: "Allowed by a filter for all",
        resources: [
          {
            type: cloudflare.filter,
            name: "fb-filter",
            properties: { zoneId: exampleAccount, id: "fb-filter", expression: '(ip.geoip.country eq "DE")' },
          },
          {
            type: cloudflare.firewallRule,
            name: "fb-rule",
            properties: { zoneId: exampleAccount, action: "allow", filterId: "fb-filter" },
          },
        ],
      },
      rules("Skipped for a country", "fb-country", { action: "skip", expression: '(ip.src.country eq "DE")' }),
      {
        title: "A country let in",
        resources: [
          {
            type: cloudflare.accessRule,
            name: "fb-access",
            properties: {
              zoneId: exampleAccount,
              mode: "whitelist",
              configuration: { target: "country", value: "DE" },
            },
          },
        ],
      },
    ],
  },
};

function ofRule(one: Properties, lists?: Lists): Finding[] {
  const expression = one.text("expression") ?? "";
  if (one.flag("enabled") === false || !isForAnybody(expression, lists)) return [];
  const property = one.path("expression");
  if (letsPass(one)) {
    return [{ property, found: `${show(expression)}, which lets anybody pass`, expected: "those who need it" }];
  }
  const overrides = one.object("actionParameters").object("overrides");
  if (overrides.flag("enabled") === false) {
    return [{ property: overrides.path("enabled"), found: "false, for everybody", expected: "true" }];
  }
  if (overrides.text("action")?.trim().toLowerCase() !== "log") return [];
  return [{ property: overrides.path("action"), found: "log, for everybody", expected: "the rules' own actions" }];
}

/** What a rule lets pass by a list of addresses that the program has too. */
function byLists(stack: Stack): Finding[] {
  const lists = new Map(
    stack
      .ofType(cloudflare.list)
      .map((one) => [one.properties.text("name")?.trim().toLowerCase() ?? "", itemsOf(one, stack)]),
  );
  if (lists.size === 0) return [];
  return stack.ofType(cloudflare.ruleset).flatMap(({ urn, properties }) =>
    properties
      .objects("rules")
      .filter((one) => one.text("expression")?.includes("$"))
      .filter((one) => ofRule(one).length === 0)
      .flatMap((one) => ofRule(one, lists).map((finding) => ({ urn, ...finding }))),
  );
}

/** In the list itself, one level further in for release 5 of the provider, or in resources of their own. */
function itemsOf(one: Resource, stack: Stack): string[] {
  const own = one.properties.objects("items").map((item) => item.text("ip") ?? item.object("value").text("ip"));
  const id = one.properties.text("id");
  const apart = stack
    .ofType(cloudflare.listItem)
    .filter((item) => id === undefined || (item.properties.text("listId") ?? id) === id)
    .map((item) => item.properties.text("ip"));
  return [...own, ...apart].filter((address) => address !== undefined);
}

/** Rules of before rulesets, whose expression is in a filter. */
function byFilters(stack: Stack): Finding[] {
  const filters = stack.ofType(cloudflare.filter).filter(({ properties }) => properties.flag("paused") !== true);
  return stack
    .ofType(cloudflare.firewallRule)
    .filter(({ properties }) => properties.flag("paused") !== true && letsPass(properties))
    .flatMap(({ urn, properties }) => {
      const own = properties.object("filter");
      const id = properties.text("filterId") ?? own.text("id");
      const apart = filters.filter((filter) => id !== undefined && filter.properties.text("id") === id);
      return [{ urn, properties: own }, ...apart];
    })
    .filter(({ properties }) => isForAnybody(properties.text("expression") ?? ""))
    .map(({ urn, properties }) => ({
      urn,
      property: properties.path("expression"),
      found: `${show(properties.text("expression"))}, which lets anybody pass`,
      expected: "those who need it",
    }));
}

/** A word, or since release 5 of the provider an object. */
function letsPass(rule: Properties): boolean {
  const action = rule.text("action") ?? rule.object("action").text("mode");
  return LETS_PASS.has(action?.trim().toLowerCase() ?? "");
}

function ofAccessRule(properties: Properties): Finding[] {
  if (properties.text("mode")?.trim().toLowerCase() !== "whitelist") return [];
  const { target, value } = targetOf(properties.object("configuration"));
  if (target !== "country" && !isInternet(value)) return [];
  const property = properties.object("configuration").path("value");
  return [{ property, found: `${show(value)}, which lets anybody pass`, expected: "the addresses that need it" }];
}

function targetOf(configuration: Properties) {
  return {
    target: configuration.text("target")?.trim().toLowerCase() ?? "",
    value: configuration.text("value")?.trim() ?? "",
  };
}

function rules(title: string, name: string, rule: object, more: readonly ExampleResource[] = []): Example {
  const properties = {
    zoneId: exampleAccount,
    name,
    kind: "zone",
    phase: "http_request_firewall_custom",
    rules: [rule],
  };
  return { title, resources: [{ type: cloudflare.ruleset, name, properties }, ...more] };
}

function list(resourceName: string, name: string, ...ips: readonly string[]): ExampleResource {
  const items = ips.map((ip) => ({ ip }));
  return {
    type: cloudflare.list,
    name: resourceName,
    properties: { accountId: exampleAccount, kind: "ip", name, items },
  };
}
