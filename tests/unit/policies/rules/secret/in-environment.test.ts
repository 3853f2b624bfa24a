import { expect, test } from "vitest";

import { container, labels } from "../../../../../policies/lib/examples.ts";
import { rule } from "../../../../../policies/rules/secret/in-environment.ts";
import { findings, onContainer, run, UNKNOWN } from "../../support.ts";

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
  expect(findings(rule, marked({ envs: ["A=1", "B=hello"] }, ["envs"]))).toHaveLength(2);
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
  "ALLOW_EMPTY_PASSWORD=yes",
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
