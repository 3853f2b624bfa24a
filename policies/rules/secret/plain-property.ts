import { ANY_TYPE } from "#lib/judge.ts";
import type { Resource } from "#lib/resource.ts";
import type { Example, Finding, Rule } from "#lib/rule.ts";
import { describeSecret, secretUnderName } from "#lib/secret-patterns.ts";
import { isJudgedElsewhere, isMadeForSecrets, isMarkedSecret, isNotSecret } from "#lib/secret-places.ts";
import { secretInJson } from "#lib/secrets-in-json.ts";
import type { Settings } from "#lib/settings.ts";
import { secretsInFirstBootData } from "#lib/cloud-init-secrets.ts";
import { CONNECTING } from "#lib/command-texts.ts";
import { type } from "#lib/types.ts";

/** Long enough to hold something in base64. */
const WRAPPED = /^[\w+/-]{16,}={0,2}$|[\w+/-]{40}/;

// Put together here, so that no scanner takes the examples for what they show.
const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");
const address = ["postgres://app:", "s3cr3t", "@192.0.2.7/app"].join("");
const key = ["-----BEGIN OPENSSH PRIVATE", "KEY-----"].join(" ");

export const rule: Rule = {
  id: "secret.plain-property",
  title: "No property holds a secret that is not marked as one.",
  severity: "critical",
  level: "mandatory",
  references: ["OWASP ASI03"],
  why: "What is not marked as secret stands in clear in the state, in every preview and in its logs.",
  fix: "Read it with `requireSecret`, or wrap it in `pulumi.secret`; replace the value, which others may have read. What is no secret goes into `notSecret` of the pack's settings.",
  waivable: "by-configuration",
  types: [ANY_TYPE],
  // Of these the secret is all that there is to judge.
  looksAt: [type.swarmSecret, type.swarmConfig],
  check: (resource, { settings }) => plainSecrets(resource, settings),
  examples: {
    good: [
      example("Marked as secret", { value: token }, ["value"]),
      example("A hash, an identifier and a public key", {
        digest: `sha256:${"0123456789abcdef".repeat(4)}`,
        tokenId: "7f3c1c58-0b62-4f7e-9d7e-3a1f4b2c5d6e",
        publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample",
      }),
      example("Where a secret is", { passwordFile: "/run/secrets/password", apiKey: "${API_KEY}" }),
      {
        ...example("What the settings know to be none", { sessionSecret: "9f8e7d6c5b4a39281706f5e4d3c2b1a0" }),
        settings: { notSecret: ["example:sessionSecret"] },
      },
    ],
    bad: [
      example("A token of a known form", { value: token }),
      example("A private key", { content: `${key}\nb3BlbnNzaC1rZXktdjE=` }),
      example("Random characters under a name that tells", { sessionSecret: "9f8e7d6c5b4a39281706f5e4d3c2b1a0" }),
      example("A password that somebody made up", { admin: { password: "Summer-2024!" } }),
      example("A password in an address", { database: address }),
      example("A password that everybody guesses", { admin: { password: "changeme" } }),
      example("In a list of names and values", { settings: [{ name: "DB_PASSWORD", value: "Summer-2024!" }] }),
      example("In base64", { content: Buffer.from(`${key}\nb3BlbnNzaC1rZXktdjE=`).toString("base64") }),
    ],
  },
};

function plainSecrets(resource: Resource, settings: Settings): Finding[] {
  return resource.properties.everyText().flatMap(({ path, name, value }) => {
    const found = isJudgedElsewhere(resource, path) ? undefined : secretIn(resource, path, name, value);
    if (found === undefined || isMarkedSecret(resource, path)) return [];
    if (isLogin(resource, path) || isNotSecret(settings, resource, path, value)) return [];
    return [{ property: path, found, expected: "a value marked as secret" }];
  });
}

function secretIn(resource: Resource, path: string, name: string, value: string): string | undefined {
  const plain = secretUnderName(isMadeForSecrets(resource, path) ? "password" : name, value);
  if (plain !== undefined) return describeSecret(plain);
  const listed = secretInJson(value);
  if (listed !== undefined) return describeSecret(listed);
  if (!WRAPPED.test(value) || isFirstBootData(resource, path)) return undefined;
  const wrapped = secretsInFirstBootData(value).find(({ wrapping }) => wrapping !== "");
  return wrapped && `${wrapped.kind}, in ${wrapped.wrapping} (not shown)`;
}

/** `azure.custom-data` judges it, and knows of keys that are used once. */
function isFirstBootData({ type: token }: Resource, path: string): boolean {
  return token.startsWith("azure") && /(?:^|\.)(?:customData|userData)/.test(path);
}

/** `command.passwords` says more about it. */
function isLogin({ type: token }: Resource, path: string): boolean {
  return (CONNECTING as readonly string[]).includes(token) && /^connection\.(?:proxy\.)?password$/.test(path);
}

function example(
  title: string,
  properties: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): Example {
  return { title, resources: [{ type: "example:index:Thing", name: "example", properties, secrets }] };
}
