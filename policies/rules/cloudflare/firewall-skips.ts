import { isInternet } from "../../lib/addresses.ts";
import { isForAnybody } from "../../lib/cloudflare-expressions.ts";
import { exampleAccount } from "../../lib/cloudflare-examples.ts";
import { cloudflare } from "../../lib/cloudflare-types.ts";
import type { Properties } from "../../lib/properties.ts";
import { show } from "../../lib/properties.ts";
import type { Example, Finding, Rule } from "../../lib/rule.ts";

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
  check: ({ type, properties }) =>
    type === cloudflare.accessRule ? ofAccessRule(properties) : properties.objects("rules").flatMap(ofRule),
  examples: {
    good: [
      rules("Skipped for one address", "fg-one", { action: "skip", expression: "ip.src eq 203.0.113.7" }),
      rules("Skipped for a path", "fg-path", { action: "skip", expression: 'http.request.uri.path eq "/webhook"' }),
      rules("Everybody is challenged", "fg-all", { action: "managed_challenge", expression: "true" }),
    ],
    bad: [
      rules("Skipped for all", "fb-all", { action: "skip", expression: "true" }),
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

function ofRule(one: Properties): Finding[] {
  const expression = one.text("expression") ?? "";
  if (one.flag("enabled") === false || !isForAnybody(expression)) return [];
  const property = one.path("expression");
  if (LETS_PASS.has(one.text("action")?.trim().toLowerCase() ?? "")) {
    return [{ property, found: `${show(expression)}, which lets anybody pass`, expected: "those who need it" }];
  }
  const overrides = one.object("actionParameters").object("overrides");
  if (overrides.flag("enabled") !== false) return [];
  return [{ property: overrides.path("enabled"), found: "false, for everybody", expected: "true" }];
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

function rules(title: string, name: string, rule: object): Example {
  const properties = {
    zoneId: exampleAccount,
    name,
    kind: "zone",
    phase: "http_request_firewall_custom",
    rules: [rule],
  };
  return { title, resources: [{ type: cloudflare.ruleset, name, properties }] };
}
