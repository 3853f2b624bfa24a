import { exampleAccount } from "#lib/cloudflare-examples.ts";
import { cloudflare } from "#lib/cloudflare-types.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";

const BYTES = 32;
// 32 random bytes have about 30 different values; 16 or fewer come about once in 10^13.
const DIFFERENT = 16;

// What `pulumi policy analyze` puts in the place of a secret that it cannot decrypt.
const WITHHELD = "[secret]";

const good = Buffer.from(Array.from({ length: BYTES }, (_, index) => (index * 89 + 41) % 256)).toString("base64");

export const rule: Rule = {
  id: "cloudflare.tunnel-secret",
  title: "A tunnel's secret is 32 random bytes, and marked as a secret.",
  severity: "high",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "Whoever has or guesses the secret runs a connector of their own and receives the tunnel's visitors.",
  fix: "Make it with `random.RandomBytes` of length 32 and pass its `base64`.",
  waivable: "never",
  types: [cloudflare.tunnel],
  check: ({ properties, secrets }) => {
    const secret = properties.text("tunnelSecret");
    if (secret === undefined || secret === WITHHELD) return [];
    const marked: Finding[] = secrets.has("tunnelSecret")
      ? []
      : [{ property: "tunnelSecret", found: "a plain value", expected: "a value marked as a secret" }];
    const weakness = weaknessOf(secret);
    if (weakness === undefined) return marked;
    return [
      ...marked,
      { property: "tunnelSecret", found: weakness, expected: `${String(BYTES)} random bytes in base64` },
    ];
  },
  examples: {
    good: [
      tunnel("32 bytes", "kg-bytes", good, true),
      {
        title: "Made by Cloudflare",
        resources: [
          {
            type: cloudflare.tunnel,
            name: "kg-none",
            properties: { accountId: exampleAccount, name: "kg-none", configSrc: "cloudflare" },
          },
        ],
      },
    ],
    bad: [
      tunnel("Too short", "kb-short", Buffer.from("only sixteen byt").toString("base64"), true),
      tunnel("One byte over and over", "kb-same", Buffer.alloc(BYTES).toString("base64"), true),
      tunnel("Not base64", "kb-text", "a secret that somebody made up by hand", true),
      tunnel("Not marked as a secret", "kb-plain", good, false),
    ],
  },
};

function weaknessOf(secret: string): string | undefined {
  const text = secret.trim();
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return "no base64";
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < BYTES) return `${String(bytes.length)} bytes`;
  const different = new Set(bytes).size;
  return different < DIFFERENT
    ? `${String(bytes.length)} bytes of only ${String(different)} different values`
    : undefined;
}

function tunnel(title: string, name: string, tunnelSecret: string, marked: boolean): Example {
  const properties = { accountId: exampleAccount, name, configSrc: "local", tunnelSecret };
  const secrets = marked ? ["tunnelSecret"] : [];
  return { title, resources: [{ type: cloudflare.tunnel, name, properties, secrets }] };
}
