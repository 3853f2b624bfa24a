import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";

import { bitsOf, entropyOf, looksRandom } from "#policies/lib/entropy.ts";
import {
  describeSecret,
  hideSecrets,
  looksSecretByName,
  secretsInText,
  secretUnderName,
} from "#policies/lib/secret-patterns.ts";
import { cpuMs } from "#tests/support/cpu.ts";

/** Letters and digits that are the same every time, put together at run time so that no scanner takes them for real. */
function made(length: number, encoding: "base64url" | "hex" | "base64" = "base64url"): string {
  let text = "";
  for (let round = 0; text.length < length; round += 1) {
    text += createHash("sha512")
      .update(`seed ${String(round)}`)
      .digest(encoding)
      .replaceAll(/[=_-]/g, "x7");
  }
  return text.slice(0, length);
}
/** Keeps the pieces apart in the file. */
const part = (text: string): string => text;
const digits = (length: number) => "7319462850".repeat(3).slice(0, length);
const dashes = "-".repeat(5);
const jwtPart = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

const tokens: readonly (readonly [string, string])[] = [
  ["a private key", `${dashes}BEGIN PRIVATE KEY${dashes}`],
  ["a private key", `text before\n${dashes}BEGIN OPENSSH PRIVATE KEY${dashes}\nabc`],
  ["a private key", `${dashes}BEGIN RSA PRIVATE KEY${dashes}`],
  ["a private key", `${dashes}BEGIN ENCRYPTED PRIVATE KEY${dashes}`],
  ["a private key", `${dashes}BEGIN PGP PRIVATE KEY BLOCK${dashes}`],
  ["a PuTTY private key", ["PuTTY-User", "Key-File-3: ssh-ed25519"].join("-")],
  ["an age secret key", `AGE-SECRET-${part("KEY")}-1${made(58, "hex").toUpperCase()}`],
  ["an AWS access key", ["AK", "IA", made(16, "hex").toUpperCase()].join("")],
  ["an AWS access key", ["AS", "IA", made(16, "hex").toUpperCase()].join("")],
  ...["p", "o", "u", "s", "r"].map((kind) => ["a GitHub token", `gh${kind}_${made(36)}`] as const),
  ["a GitHub token", `github_${part("pat")}_${made(82)}`],
  ["a GitLab token", `gl${part("pat")}-${made(20)}`],
  ["a Slack token", `xo${part("xb")}-${digits(12)}-${digits(12)}-${made(24)}`],
  ["a Slack token", `xa${part("pp")}-1-${made(11)}-${digits(12)}-${made(64)}`],
  ["a Slack webhook", `https://hooks.slack.com/${part("services")}/T${made(9)}/B${made(9)}/${made(24)}`],
  ["a Discord webhook", `https://discord.com/api/${part("webhooks")}/${digits(18)}/${made(68)}`],
  ["a Telegram bot token", `${digits(10)}:${made(35)}`],
  ["an Anthropic API key", `sk-${part("ant")}-api03-${made(93)}AA`],
  ["an API key", `sk-${part("proj")}-${made(64)}`],
  ["an API key", `sk-${made(48)}`],
  ["a Google API key", `AI${part("za")}${made(35)}`],
  ["a Google OAuth secret", `GOC${part("SPX")}-${made(28)}`],
  [
    "an Azure account key",
    `DefaultEndpointsProtocol=https;AccountName=x;Account${part("Key")}=${made(86)}==;EndpointSuffix=y`,
  ],
  ["an Azure account key", `Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccess${part("Key")}=${made(43)}=`],
  ["an Azure shared access signature", `https://x.blob.core.windows.net/c?sv=2022-11-02&s${part("ig")}=${made(43)}%3D`],
  ["an Azure client secret", `${made(3)}8Q~${made(34)}`],
  ["a Cloudflare tunnel token", `eyJh${part("Ijoi")}${made(160)}`],
  ["a JSON web token", `${jwtPart({ alg: "HS256", typ: "JWT" })}.${jwtPart({ sub: "1234567890" })}.${made(43)}`],
  ["a Cloudflare token", `cf${part("ut")}_${made(40)}`],
  [
    "a Cloudflare token",
    `v1${part(".0")}-${made(24, "hex").replaceAll("x", "a")}-${made(146, "hex").replaceAll("x", "a")}`,
  ],
  ["an npm token", `np${part("m")}_${made(36)}`],
  ["a PyPI token", `py${part("pi")}-AgEIcHlwaS5vcmc${made(60)}`],
  ["a Docker Hub token", `dc${part("kr")}_pat_${made(27)}`],
  ["a Hugging Face token", `h${part("f")}_${made(34)}`],
  ["a Stripe key", `sk_${part("live")}_${made(24)}`],
  ["a SendGrid key", `S${part("G")}.${made(22)}.${made(43)}`],
  ["a DigitalOcean token", `do${part("p")}_v1_${made(64, "hex")}`],
  ["a Pulumi token", `pu${part("l")}-${made(40, "hex")}`],
  ["a Vault token", `hv${part("s")}.${made(24)}`],
  ["a Tailscale key", `ts${part("key")}-auth-${made(16)}-${made(32)}`],
  ["a password in a URL", `postgres://app:${part("s3cr3t")}@db.internal/app`],
  ["a password in a URL", `redis://:${part("hunter2")}@cache:6379/0`],
  ["a password", `PGPASS${part("WORD")}=Summer-2024! psql`],
  ["a password", `{"password": "${part("Tr0ub4dor&3")}"}`],
  ["a password", `--password ${part("Tr0ub4dor&3")}`],
  ["a password", `password: '${part("Tr0ub4dor&3")}'`],
  ["a secret by its name", `CLIENT_SECRET=${made(32, "hex")}`],
  ["a secret by its name", `"apiKey": "${made(40)}"`],
  ["a secret by its name", `auth_token := "${made(24)}"`],
];

describe("what is a secret", () => {
  test.each(tokens)("%s: %#", (kind, text) => {
    expect(secretsInText(text).map((found) => found.kind)).toContain(kind);
    expect(secretsInText(`before "${text}" after`).map((found) => found.kind)).toContain(kind);
  });

  test("says where it is and how long it is, and never what it is", () => {
    const token = `gh${part("p")}_${made(36)}`;
    const [found] = secretsInText(`say ${token} twice`);
    expect(found).toEqual({ kind: "a GitHub token", offset: 4, length: 40 });
    if (found !== undefined) expect(describeSecret(found)).toBe("a GitHub token (40 characters, not shown)");
    expect(hideSecrets(`say ${token}, ${token}`)).toBe("say <a GitHub token>, <a GitHub token>");
  });

  test.each([
    ["adminPassword", "Summer-2024!"],
    ["sessionSecret", made(32, "hex")],
    ["storage_account_key", made(44, "base64")],
    ["primaryKey", made(44, "base64")],
    ["API_KEY", made(20)],
  ])("by its name: %s", (name, value) => {
    expect(secretUnderName(name, value)).toBeDefined();
    expect(secretUnderName("description", value)).toBeUndefined();
  });
});

const publicKey = "AAAAC3NzaC1lZDI1NTE5AAAAIJ8sZ3yF0Xw5b7cN2m1Kq9vR4tLpYh6GdUeWjQxSfOaB";
const harmless: readonly string[] = [
  "",
  "info",
  `sha256:${made(64, "hex")}`,
  `docker.io/library/nginx@sha256:${made(64, "hex")}`,
  `docker.io/library/nginx:1.29@sha256:${made(64, "hex")}`,
  made(64, "hex"),
  made(40, "hex"),
  "7f3c1c58-0b62-4f7e-9d7e-3a1f4b2c5d6e",
  `ssh-ed25519 ${publicKey} ops@example.org`,
  `192.0.2.10 ssh-ed25519 ${publicKey}`,
  `${dashes}BEGIN PUBLIC KEY${dashes}\nMCowBQYDK2VwAyEA${made(43, "base64")}\n${dashes}END PUBLIC KEY${dashes}`,
  `${dashes}BEGIN CERTIFICATE${dashes}\n${made(64, "base64")}\n${dashes}END CERTIFICATE${dashes}`,
  "urn:pulumi:office::garrison::docker:index/container:Container::gateway",
  "/run/secrets/db-password",
  "POSTGRES_PASSWORD_FILE=/run/secrets/db-password",
  "password: ${DB_PASSWORD}",
  "password=$DB_PASSWORD",
  "password=$(cat /run/secrets/db)",
  "password: {{ .Values.password }}",
  "secret: @{secret:gateway-token:current:value:raw}",
  "apiKey: file:/run/secrets/api-key",
  "apiKey: env:OPENAI_API_KEY",
  "token = process.env.GITHUB_TOKEN",
  "password = os.environ.get('DB_PASSWORD')",
  "password: changeme",
  "password=your-password-here",
  "PASSWORD=",
  "password: required",
  "secret: ********",
  "token: <token>",
  "https://example.org/reset?token=",
  "https://user@example.org/path",
  "https://example.org:8443/path@2x.png",
  "postgres://app:${PASSWORD}@db/app",
  "postgres://app:$PASSWORD@db/app",
  "the task-force-of-2024 is not sk-anything-of-2024-either",
  "sk-learn-model-selection-and-evaluation",
  "npm_config_registry and npm_lifecycle_event",
  "hf_transfer enabled",
  "xoxo-gossip",
  "max_tokens=4096",
  "tokenizer: meta-llama/Llama-3.1-70B-Instruct",
  "secretName: tls-certificate-2024-production",
  "PasswordAuthentication no",
  "PermitRootLogin prohibit-password",
  "passwordHash: $2b$12$abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQR",
  "password: $argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$hash",
  "publicKey: " + made(44, "base64"),
  "keyFingerprint: SHA256:" + made(43),
  "cacheKey: node-modules-linux-x64-0a1b2c3d",
  "eyJhbGciOiJub25lIn0",
  "10:30:00:12:45:59:123456789",
  "2026-06-30T12:00:00Z",
  "192.0.2.0/24,198.51.100.0/24",
  "fe80::1ff:fe23:4567:890a",
  "00:1a:2b:3c:4d:5e",
  "ghp_short",
  "AKIAIOSFODNN7EXAMPLE",
  "aws-vault exec -- terraform plan",
  "SG.",
  "secrets: []",
  "the password is asked for at the first start",
];

describe("what is none", () => {
  test("there are enough look-alikes", () => {
    expect(harmless.length).toBeGreaterThanOrEqual(40);
  });

  test.each(harmless)("%j", (text) => {
    expect(secretsInText(text)).toEqual([]);
  });

  test.each([
    ["passwordFile", "/run/secrets/password"],
    ["secretId", made(32, "hex")],
    ["publicKey", made(44, "base64")],
    ["tokenUrl", "https://login.example.org/oauth2/v2.0/token"],
    ["maxTokens", "4096"],
    ["adminPassword", "${config.password}"],
    ["apiKey", "production"],
    ["password", "[secret]"],
    ["digest", `sha256:${made(64, "hex")}`],
    ["passwordHash", "$2b$12$abcdefghijklmnopqrstuv"],
    ["secretRotationPolicy", made(32, "hex")],
  ])("under a name: %s", (name, value) => {
    expect(secretUnderName(name, value)).toBeUndefined();
  });
});

test.each([
  ["password", true],
  ["adminPassword", true],
  ["DB_PASSWD", true],
  ["OPENAI_API_KEY", true],
  ["clientSecret", true],
  ["accountKey1", true],
  ["bot-token", true],
  ["passwordFile", false],
  ["PASSWORD_FILE", false],
  ["tokens", false],
  ["maxTokens", false],
  ["publicKey", false],
  ["sshPublicKeys", false],
  ["keyName", false],
  ["secretName", false],
  ["monkey", false],
  ["compass", false],
  ["key", false],
  ["", false],
])("the name %j is of a secret: %j", (name, expected) => {
  expect(looksSecretByName(name)).toBe(expected);
});

test("entropy", () => {
  expect(entropyOf("")).toBe(0);
  expect(entropyOf("aaaa")).toBe(0);
  expect(entropyOf("abcd")).toBe(2);
  expect(bitsOf(16, 62)).toBeCloseTo(95.27, 1);
  expect(bitsOf(16, 1)).toBe(0);
  expect(looksRandom(made(24))).toBe(true);
  expect(looksRandom("a-quite-ordinary-name-of-2024")).toBe(false);
});

test.each([
  ["one long word", "a".repeat(300_000)],
  ["assignments without an end", "password=".repeat(40_000)],
  ["signs", "=:\"'".repeat(75_000)],
  ["dots", "eyJ".repeat(100_000)],
  ["a URL without an end", "a://".repeat(75_000)],
  ["dashes", "--".repeat(150_000)],
  ["spaces", "token ".repeat(50_000)],
  ["surrogates", "\ud800".repeat(100_000)],
])("no text makes it slow: %s", (_, text) => {
  const start = cpuMs();
  secretsInText(text);
  expect(cpuMs() - start).toBeLessThan(1500);
});
