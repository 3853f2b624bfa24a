import { isPublicBlock } from "#lib/addresses.ts";
import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import { show } from "#lib/properties.ts";
import type { Example, Rule } from "#lib/rule.ts";

/** Names of what Cloudflare's proxy does not carry. */
const NOT_WEB =
  /^(?:(?:mail|smtp|imap|pop3?|mx|relay|autodiscover|ns|dns|ntp|ssh|sftp|ftp|vpn|wg|wireguard|turn|stun|sip|mqtt|irc|xmpp|git|rdp|bastion)\d*)(?:[.-]|$)/i;

export const rule: Rule = {
  id: "cloudflare.unproxied-origin",
  title: "No record tells a web server's own address.",
  severity: "low",
  level: "advisory",
  references: [],
  why: "Whoever knows the address goes past Cloudflare: past Access, its firewall and its protection against floods.",
  fix: "Set `proxied` to true, or reach the server through a tunnel.",
  waivable: "by-configuration",
  types: [cloudflare.dnsRecord],
  check: ({ properties }) => {
    const address = properties.text("content")?.trim() ?? "";
    if (!/^(?:a|aaaa)$/i.test(properties.text("type")?.trim() ?? "") || !isPublicBlock(address)) return [];
    if (properties.flag("proxied") === true || properties.isUnknown("proxied")) return [];
    if (NOT_WEB.test(properties.text("name") ?? "")) return [];
    const found = `${show(properties.get("proxied"))} for the address ${address}`;
    return [{ property: properties.path("proxied"), found, expected: "true" }];
  },
  examples: {
    good: [
      record("Proxied", "ug-proxied", { proxied: true }),
      record("A mail server", "mail", {}),
      record("An address of the house", "ug-inside", { content: "10.0.0.5" }),
    ],
    bad: [record("Not proxied", "ub-plain", {}), record("IPv6", "ub-six", { type: "AAAA", content: "2001:db8::5" })],
  },
};

function record(title: string, name: string, changes: object): Example {
  const properties = { zoneId: exampleAccount, name, type: "A", content: "203.0.113.5", ttl: 300, ...changes };
  return { title, resources: [{ type: cloudflare.dnsRecord, name, properties: { proxied: false, ...properties } }] };
}
