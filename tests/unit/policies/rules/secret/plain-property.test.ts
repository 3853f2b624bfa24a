import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { rule } from "#policies/rules/secret/plain-property.ts";
import { cpuMs } from "#tests/support/cpu.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const token = ["ghp", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].join("_");
const found = "a GitHub token (40 characters, not shown)";
const thing = (properties: Record<string, unknown>, secrets: string[] = [], type = "aws:ssm/parameter:Parameter") => [
  { type, name: "thing", properties, secrets },
];

test.each([
  ["at the top", { value: token }, "value"],
  ["in an object", { a: { b: { c: token } } }, "a.b.c"],
  ["in a list", { list: ["x", token] }, "list.1"],
  ["in a list of objects", { list: [{ value: token }] }, "list.0.value"],
  ["within a text", { userData: `#!/bin/sh\nexport TOKEN=${token}\n` }, "userData"],
  ["under a hostile name", JSON.parse(`{"__proto__": {"constructor": "${token}"}}`), "__proto__.constructor"],
])("%s", (_, properties, path) => {
  expect(findings(rule, thing(properties as Record<string, unknown>))).toEqual([`${path}: ${found}`]);
});

test.each(["kubernetes:core/v1:ConfigMap", "pulumi:providers:docker", "garrison:stack:Machine", "", "*"])(
  "of any type: %j",
  (type) => {
    expect(findings(rule, thing({ value: token }, [], type))).toHaveLength(1);
  },
);

test.each([
  ["itself", ["outer.value"]],
  ["what it is in", ["outer"]],
  ["everything", [""]],
])("is none where a mark is on %s", (_, secrets) => {
  expect(findings(rule, thing({ outer: { value: token } }, secrets))).toEqual([]);
});

test("a mark on another property does not count", () => {
  expect(findings(rule, thing({ outer: { value: token } }, ["out", "outer.val", "outer.value.x"]))).toHaveLength(1);
});

test("the settings name values and places that are none", () => {
  const run = (notSecret: string[]) => findings(rule, thing({ outer: { value: token } }), { settings: { notSecret } });
  expect(run([token])).toEqual([]);
  expect(run(["thing:outer.value"])).toEqual([]);
  expect(run(["other:outer.value", "outer.value", "thing:outer", token.slice(1)])).toHaveLength(1);
});

test("a name tells of the texts in a list below it", () => {
  const value = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
  expect(findings(rule, thing({ sessionSecrets: [value] }))).toHaveLength(1);
  expect(findings(rule, thing({ secrets: [value] }))).toHaveLength(1);
  expect(findings(rule, thing({ values: [value] }))).toEqual([]);
});

test("no message holds the value", () => {
  const { verdicts } = run(rule, thing({ password: "Summer-2024!", value: token }));
  expect(verdicts).toHaveLength(2);
  expect(JSON.stringify(verdicts.map(({ finding }) => finding))).not.toMatch(/Summer|0aB1cD2/);
});

test("what preview does not know is not asked about", () => {
  expect(run(rule, thing({ password: UNKNOWN, list: [UNKNOWN, { value: UNKNOWN }] }))).toEqual({
    verdicts: [],
    unknown: [],
  });
});

test("what other rules judge is left to them", () => {
  expect(findings(rule, [container({ envs: [`TOKEN=${token}`] })])).toEqual([]);
  expect(findings(rule, [container({ uploads: [{ file: "/x", content: token }] })])).toHaveLength(1);
  expect(findings(rule, thing({ create: token }, [], "command:local:Command"))).toEqual([]);
  expect(findings(rule, thing({ dir: token }, [], "command:local:Command"))).toHaveLength(1);
});

describe("nothing stops it", () => {
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  const deep = Array.from({ length: 5000 }).reduce<unknown>((inner) => ({ inner }), "x");
  test.each([
    ["a ring", ring],
    ["depth", { deep }],
    ["width", { list: Array.from({ length: 100_000 }, (_, index) => `entry ${String(index)}`) }],
    ["other types", { a: null, b: 5, c: true, d: undefined, e: [] }],
  ])("%s", (_, properties) => {
    expect(findings(rule, thing(properties))).toEqual([]);
  });
});

test("costs little on a typical container", () => {
  const typical = container({
    envs: Array.from({ length: 20 }, (_, index) => `SETTING_${String(index)}=value of no interest ${String(index)}`),
    labels: Array.from({ length: 10 }, (_, index) => ({ label: `example.label-${String(index)}`, value: "text" })),
    mounts: Array.from({ length: 6 }, (_, index) => ({ type: "bind", source: `/srv/${String(index)}`, target: "/x" })),
  });
  const many = Array.from({ length: 2000 }, () => typical);
  const three = rules.filter(({ id }) => /^secret\.(?:plain|in-)/.test(id));
  for (const one of three) findings(one, many.slice(0, 200));
  const start = cpuMs();
  for (const one of three) findings(one, many);
  // The time includes the opening of each resource, twice a rule; the rules' own share is a part of it.
  expect((cpuMs() - start) / many.length).toBeLessThan(1);
});

const password = "Summer-2024!";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const zipped = (text: string) => gzipSync(text).toString("base64");
const SECRET_TYPE = "docker:index/secret:Secret";
const BUILD_TYPE = "docker-build:index:Image";

test.each<[string, Record<string, unknown>, string]>([
  ["name, value", { settings: [{ name: "DB_PASSWORD", value: password }] }, "settings.0.value"],
  ["Name, Value", { settings: [{ Name: "DB_PASSWORD", Value: password }] }, "settings.0.Value"],
  ["key, value", { tags: [{ key: "api-token", value: "9f8e7d6c5b4a39281706f5e4d3c2b1a0" }] }, "tags.0.value"],
  ["value first", { tags: [{ value: password, Key: "dbPassword" }] }, "tags.0.value"],
  ["name, text", { bindings: [{ name: "ADMIN_PASSWORD", text: "admin", type: "plain" }] }, "bindings.0.text"],
  ["label, value", { labels: [{ label: "widget.password", value: password }] }, "labels.0.value"],
  ["variable, value", { envs: [{ variable: "DB_PASS", value: "nextcloud" }] }, "envs.0.value"],
  ["a single pair", { name: "/prod/db-password", value: "summer" }, "value"],
  [
    "deep inside",
    { site: { config: { settings: [{ name: "API_SECRET", value: "changeme" }] } } },
    "site.config.settings.0.value",
  ],
  ["a document in a text", { tasks: JSON.stringify([{ env: [{ name: "DB_PASSWORD", value: "summer" }] }]) }, "tasks"],
  ["a file in base64", { contentBase64: base64(`DB_PASSWORD=${password}\n`) }, "contentBase64"],
  ["a weak one in base64", { data: base64("MODE=prod\nDB_PASSWORD=postgres\n") }, "data"],
  ["a compressed file", { content: zipped(`token: ${token}\n`) }, "content"],
  ["base64 within a text", { userData: `#cloud-config\ncontent: ${base64(`export TOKEN=${token}`)}\n` }, "userData"],
])("%s", (_, properties, path) => {
  expect(findings(rule, thing(properties)).map((one) => one.split(": ")[0])).toEqual([path]);
});

test.each<[string, Record<string, unknown>]>([
  ["a pair that says nothing", { settings: [{ name: "MODE", value: password }] }],
  ["a name of a secret", { settings: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu:1:parameter/db" }] }],
  ["a reference", { settings: [{ name: "DB_PASSWORD", value: "@Microsoft.KeyVault(SecretUri=x)" }] }],
  ["an empty value", { settings: [{ name: "DB_PASSWORD", value: "" }] }],
  ["a place", { settings: [{ name: "DB_PASSWORD_FILE", value: "/run/secrets/db" }] }],
  ["a key and another name", { secretKeyRef: { name: "database", key: "password" } }],
  ["a program in base64", { contentBase64: "f0VMRgIBAQAAAAAAAAAAAAMAPgABAAAA8ChAAAAAAABAAAAAAAAAAA==" }],
  ["a page in base64", { contentBase64: base64("<html><body>Hello, this is a page of text</body></html>") }],
  ["a digest", { digest: `sha256:${"0123456789abcdef".repeat(4)}` }],
  ["a certificate", { cert: base64(`-----BEGIN CERTIFICATE-----\n${"MIIB".repeat(16)}\n-----END CERTIFICATE-----\n`) }],
  ["a document", { policy: JSON.stringify({ Statement: [{ Action: "s3:GetObject", Resource: "*" }] }) }],
  ["a document that is none", { text: "[x] is done, password is not" }],
])("none: %s", (_, properties) => {
  expect(findings(rule, thing(properties))).toEqual([]);
});

test("what a swarm or a build is given as a secret is one, whatever it is called", () => {
  const swarm = (secrets: string[]) => thing({ name: "db", data: base64("summer") }, secrets, SECRET_TYPE);
  expect(findings(rule, swarm([]))).toHaveLength(1);
  expect(findings(rule, swarm(["data"]))).toEqual([]);
  const build = (value: string) => thing({ secrets: { npm: value } }, [], BUILD_TYPE);
  expect(findings(rule, build("summer"))).toHaveLength(1);
  expect(findings(rule, build("${NPM_TOKEN}"))).toEqual([]);
});

test("what Docker shows has a rule of its own, and no more than that", () => {
  const spec = { env: { DB_PASSWORD: password }, mounts: [{ volumeOptions: { driverOptions: { password } } }] };
  const service = thing({ taskSpec: { containerSpec: spec } }, [], "docker:index/service:Service");
  expect(findings(rule, service).map((one) => one.split(": ")[0])).toEqual([
    "taskSpec.containerSpec.mounts.0.volumeOptions.driverOptions.password",
  ]);
});
