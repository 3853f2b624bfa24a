import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/secret/in-environment.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");
const password = "Summer-2024!";
const marked = (changes: Record<string, unknown>, secrets: string[]) => [{ ...container(changes), secrets }];

test.each([
  ["envs", { envs: [`X=${token}`] }, "envs.0: X: a GitHub token (40 characters, not shown)"],
  [
    "a password",
    { envs: ["A=1", `DB_PASSWORD=${password}`] },
    "envs.1: DB_PASSWORD: a password (12 characters, not shown)",
  ],
  [
    "a value with signs",
    { envs: [`PGPASSWORD=a=${password}`] },
    "envs.0: PGPASSWORD: a password (14 characters, not shown)",
  ],
  [
    "a file's variable with a value",
    { envs: [`TOKEN_FILE=${token}`] },
    "envs.0: TOKEN_FILE: a GitHub token (40 characters, not shown)",
  ],
  [
    "an address",
    { envs: [`DATABASE_URL=postgres://app:${password}@db/app`] },
    "envs.0: DATABASE_URL: a password in a URL (28 characters, not shown)",
  ],
  ["labels", { labels: labels({ x: token }) }, "labels.0.value: a GitHub token (40 characters, not shown)"],
  ["command", { command: ["x", token] }, "command.1: a GitHub token (40 characters, not shown)"],
  ["one argument", { command: [`--db-password=${password}`] }, "command.0: a password (12 characters, not shown)"],
  ["entrypoints", { entrypoints: [token] }, "entrypoints.0: a GitHub token (40 characters, not shown)"],
  [
    "health check",
    { healthcheck: { tests: ["CMD", token] } },
    "healthcheck.tests.1: a GitHub token (40 characters, not shown)",
  ],
])("%s", (_, changes, expected) => {
  expect(onContainer(rule, changes)).toEqual([expected]);
});

test("what is marked as secret is shown all the same", () => {
  expect(findings(rule, marked({ envs: ["A=1", "B=hello"] }, ["envs.1"]))).toEqual([
    "envs.1: B: marked as secret (7 characters)",
  ]);
  expect(findings(rule, marked({ command: ["run", "it"] }, ["command.1"]))).toHaveLength(1);
  expect(findings(rule, marked({ hostname: "x" }, ["hostname"]))).toEqual([]);
});

test.each([
  "DB_PASSWORD_FILE=/run/secrets/db",
  "DB_PASSWORD=",
  "DB_PASSWORD",
  "DB_PASSWORD=${DB_PASSWORD}",
  "API_KEY=file:/run/secrets/key",
  "LOG_LEVEL=info",
  "SSH_PUBLIC_KEY=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8sZ3yF0Xw5b7cN2m1Kq9vR4tLpYh6GdUeWjQxSfOaB",
  "ALLOW_EMPTY_PASSWORD=no",
  "MAX_TOKENS=4096",
])("%s is none", (entry) => {
  expect(onContainer(rule, { envs: [entry] })).toEqual([]);
});

test.each([
  ["docker:index/remoteImage:RemoteImage", { build: { buildArgs: { TOKEN: token } } }],
  ["docker:index/remoteImage:RemoteImage", { build: { buildArg: [`TOKEN=${token}`] } }],
  ["docker:index/image:Image", { build: { args: { TOKEN: token } } }],
  ["docker:index/service:Service", { taskSpec: { containerSpec: { env: { DB_PASSWORD: password } } } }],
  ["docker:index/service:Service", { taskSpec: { containerSpec: { args: [token] } } }],
])("%s: %j", (type, properties) => {
  expect(findings(rule, [{ type, name: "x", properties }])).toHaveLength(1);
});

test("the settings, a label and unknown values", () => {
  const changes = { envs: [`X=${token}`] };
  expect(onContainer(rule, changes, { settings: { notSecret: ["example:envs.0"] } })).toEqual([]);
  expect(onContainer(rule, changes, { settings: { notSecret: [token] } })).toEqual([]);
  expect(onContainer(rule, { ...changes, labels: labels({ "garrison.waivers": rule.id }) })).toEqual([]);
  expect(run(rule, [container({ envs: UNKNOWN })]).verdicts).toEqual([]);
});

const key = ["tskey-auth", "kExAmPlE0000000"].join("-");
const sidecar = ["TS_USERSPACE=false", "TS_SERVE_CONFIG=/config/serve.json", "ENVOY_UID=101", `TS_AUTHKEY=${key}`];

test("of a list that is marked as secret only the one is found that makes it so", () => {
  expect(findings(rule, marked({ envs: sidecar }, ["envs"]))).toEqual([
    "envs.3: TS_AUTHKEY: marked as secret (37 characters)",
  ]);
  expect(findings(rule, marked({ envs: ["A=1", `B=${token}`, "C=2"] }, ["envs"]))).toEqual([
    "envs.1: B: a GitHub token (40 characters, not shown)",
  ]);
  expect(findings(rule, marked({ envs: ["A=1", "B=2", "C=3"] }, ["envs"]))).toEqual(["envs: marked as secret"]);
  expect(findings(rule, marked({ labels: labels({ a: "1", b: "2" }) }, ["labels"]))).toHaveLength(1);
  expect(findings(rule, marked({ command: ["serve", "--verbose"] }, ["command"]))).toHaveLength(1);
  expect(findings(rule, marked({ envs: ["A=1", "B=2"] }, ["envs.0", "envs.1"]))).toHaveLength(2);
});

test("a map of a service that is marked as secret is one finding", () => {
  const taskSpec = { containerSpec: { env: { MODE: "prod", DB_PASSWORD: password, TZ: "UTC" } } };
  const service = { type: "docker:index/service:Service", name: "x", properties: { taskSpec } };
  expect(findings(rule, [{ ...service, secrets: ["taskSpec.containerSpec.env"] }])).toHaveLength(1);
});

test.each([
  ["a label whose name tells", { labels: labels({ "homepage.widget.password": password }) }],
  [
    "a label whose name tells of a key",
    { labels: labels({ "homepage.widget.key": "9f8e7d6c5b4a39281706f5e4d3c2b1a0" }) },
  ],
  ["a word behind an option", { command: ["redis-server", "--requirepass", "Summer-2024!x"] }],
  ["an option of a program", { command: ["sh", "-c", "mysql -uroot -pSummer-2024!x"] }],
  ["a header", { command: ["curl", "-H", "Authorization: Bearer 0aB1cD2eF3gH4iJ5kL6mN7oP8q", "https://x.example"] }],
  ["no password at all", { envs: ["ALLOW_EMPTY_PASSWORD=yes"] }],
  ["a default password", { envs: ["POSTGRES_PASSWORD=postgres"] }],
  ["a health check's", { healthcheck: { tests: ["CMD-SHELL", "mysqladmin ping -uroot -proot"] } }],
])("%s", (_, changes) => {
  expect(onContainer(rule, changes)).toHaveLength(1);
});

test.each([
  ["docker:index/registryImage:RegistryImage", { build: { context: ".", buildArgs: { TOKEN: token } } }],
  ["docker-build:index:Image", { buildArgs: { NPM_TOKEN: token } }],
  ["docker-build:index:Image", { labels: { "example.token": token } }],
])("%s: what stays in the image", (type, properties) => {
  expect(findings(rule, [{ type, name: "x", properties }])).toHaveLength(1);
});
