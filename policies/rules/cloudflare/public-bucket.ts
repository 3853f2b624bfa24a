import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Example, Rule } from "#lib/rule.ts";

export const rule: Rule = {
  id: "cloudflare.public-bucket",
  title: "No bucket is public under a name of Cloudflare's.",
  severity: "high",
  level: "mandatory",
  references: [],
  why: "Whoever has the link reads the bucket, past Access, the firewall and the logs of the zone.",
  fix: "Set `enabled` to false; publish what is meant for everybody under a name of your own.",
  waivable: "by-configuration",
  types: [cloudflare.managedBucketDomain],
  check: ({ properties }) =>
    properties.flag("enabled") === true ? [{ property: "enabled", found: "true", expected: "false" }] : [],
  examples: {
    good: [domain("Closed", "bg-closed", false)],
    bad: [domain("Open", "bb-open", true)],
  },
};

function domain(title: string, name: string, enabled: boolean): Example {
  const properties = { accountId: exampleAccount, bucketName: name, enabled };
  return { title, resources: [{ type: cloudflare.managedBucketDomain, name, properties }] };
}
