import { exampleAccount } from "../../lib/cloudflare-examples.ts";
import { cloudflare } from "../../lib/cloudflare-types.ts";
import { show } from "../../lib/properties.ts";
import type { Example, Rule } from "../../lib/rule.ts";

const WEAK: ReadonlyMap<string, { readonly values: readonly string[]; readonly expected: string }> = new Map([
  ["ssl", { values: ["off", "flexible"], expected: "strict" }],
  ["min_tls_version", { values: ["1.0", "1", "1.1"], expected: "1.2 or later" }],
]);

export const rule: Rule = {
  id: "cloudflare.zone-tls",
  title: "A zone encrypts to the visitor and to the origin, with TLS 1.2 or later.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "With `flexible` the visitor sees a lock while the way from Cloudflare to the origin is in clear.",
  fix: "Set `ssl` to strict and `min_tls_version` to 1.2.",
  waivable: "by-configuration",
  types: [cloudflare.zoneSetting],
  check: ({ properties }) => {
    const weak = WEAK.get(properties.text("settingId")?.trim().toLowerCase() ?? "");
    const value = properties.text("value")?.trim().toLowerCase();
    if (weak === undefined || value === undefined || !weak.values.includes(value)) return [];
    return [{ property: "value", found: show(value), expected: weak.expected }];
  },
  examples: {
    good: [
      setting("Strict", "zg-strict", "ssl", "strict"),
      setting("TLS 1.2", "zg-version", "min_tls_version", "1.2"),
      setting("Another setting", "zg-other", "websockets", "off"),
    ],
    bad: [
      setting("In clear to the origin", "zb-flexible", "ssl", "flexible"),
      setting("In clear to the visitor", "zb-off", "ssl", "off"),
      setting("An old TLS", "zb-old", "min_tls_version", "1.0"),
    ],
  },
};

function setting(title: string, name: string, settingId: string, value: string): Example {
  const properties = { zoneId: exampleAccount, settingId, value };
  return { title, resources: [{ type: cloudflare.zoneSetting, name, properties }] };
}
