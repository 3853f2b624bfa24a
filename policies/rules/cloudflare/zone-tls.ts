import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Properties } from "#lib/properties.ts";
import { show } from "#lib/properties.ts";
import type { Example, ExampleResource, Finding, Rule } from "#lib/rule.ts";

const OLD_TLS = { values: ["1.0", "1", "1.1"], expected: "1.2 or later" };

/** Settings by their name in Cloudflare's own words. */
const WEAK: ReadonlyMap<string, { readonly values: readonly string[]; readonly expected: string }> = new Map([
  ["ssl", { values: ["off", "flexible"], expected: "strict" }],
  ["min_tls_version", OLD_TLS],
  ["min_tls", OLD_TLS],
  ["always_use_https", { values: ["off", "false"], expected: "on" }],
  ["security_level", { values: ["off", "essentially_off"], expected: "medium" }],
  ["waf", { values: ["off"], expected: "on" }],
  ["disable_security", { values: ["true", "on"], expected: "false" }],
]);

export const rule: Rule = {
  id: "cloudflare.zone-tls",
  title: "A zone encrypts to the visitor and to the origin, with TLS 1.2 or later, and keeps its firewall on.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "With `flexible` the visitor sees a lock while the way from Cloudflare to the origin is in clear.",
  fix: "Set `ssl` to strict, `min_tls_version` to 1.2, `always_use_https` to on, and leave `security_level` and `waf` as they are.",
  waivable: "by-configuration",
  types: [
    ...[cloudflare.zoneSetting, cloudflare.hostnameTls, cloudflare.zoneSettings],
    ...[cloudflare.pageRule, cloudflare.ruleset, cloudflare.bucketDomain],
    cloudflare.customHostname,
  ],
  check: ({ type, properties }) => {
    switch (type) {
      case cloudflare.zoneSetting:
      case cloudflare.hostnameTls:
        return weak(properties.text("settingId") ?? properties.text("setting") ?? "", properties, "value");
      case cloudflare.zoneSettings:
        return all(properties.object("settings"));
      case cloudflare.pageRule:
        return all(properties.object("actions"));
      case cloudflare.customHostname:
        return all(properties.object("ssl").object("settings"));
      case cloudflare.bucketDomain:
        return weak("min_tls", properties, "minTls");
      default:
        return properties
          .objects("rules")
          .filter((one) => one.flag("enabled") !== false && one.text("action")?.toLowerCase() === "set_config")
          .flatMap((one) => all(one.object("actionParameters")));
    }
  },
  examples: {
    good: [
      setting("Strict", "zg-strict", "ssl", "strict"),
      setting("TLS 1.2", "zg-version", "min_tls_version", "1.2"),
      setting("Another setting", "zg-other", "websockets", "off"),
      several("Several settings", "zg-several", { ssl: "strict", minTlsVersion: "1.2", brotli: "off" }),
    ],
    bad: [
      setting("In clear to the origin", "zb-flexible", "ssl", "flexible"),
      setting("In clear to the visitor", "zb-off", "ssl", "off"),
      setting("An old TLS", "zb-old", "min_tls_version", "1.0"),
      setting("No protection", "zb-level", "security_level", "essentially_off"),
      several("One of several settings", "zb-several", { ssl: "flexible", minTlsVersion: "1.2" }),
      example("For some pages", {
        type: cloudflare.pageRule,
        name: "zb-page",
        properties: { zoneId: exampleAccount, target: "example.com/*", actions: { disableSecurity: true } },
      }),
    ],
  },
};

/** Every known setting of an object that has one property for each: `minTlsVersion` is `min_tls_version`. */
function all(settings: Properties): Finding[] {
  return settings.names().flatMap((name) =>
    weak(
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      settings,
      name,
    ),
  );
}

function weak(setting: string, properties: Properties, name: string): Finding[] {
  const known = WEAK.get(setting.trim().toLowerCase());
  const value = properties.text(name)?.trim().toLowerCase();
  if (known === undefined || value === undefined || !known.values.includes(value)) return [];
  return [{ property: properties.path(name), found: show(value), expected: known.expected }];
}

function setting(title: string, name: string, settingId: string, value: string): Example {
  const properties = { zoneId: exampleAccount, settingId, value };
  return example(title, { type: cloudflare.zoneSetting, name, properties });
}

function several(title: string, name: string, settings: object): Example {
  return example(title, { type: cloudflare.zoneSettings, name, properties: { zoneId: exampleAccount, settings } });
}

function example(title: string, resource: ExampleResource): Example {
  return { title, resources: [resource] };
}
