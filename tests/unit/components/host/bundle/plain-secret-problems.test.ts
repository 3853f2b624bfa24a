import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { plainSecretProblems } from "#components/host/bundle/plain-secret-problems.ts";
import type { HostSpec } from "#components/host/bundle/host-spec.ts";
import { aHost, operatorKey } from "./a-host.ts";

const file = (content: string, secret?: boolean): Partial<HostSpec> => ({
  files: [{ path: "/etc/app/conf", content, ...(secret !== undefined && { secret }) }],
});
const found = (changes: Partial<HostSpec>): string[] =>
  plainSecretProblems(aHost(changes)).map(({ property, found: what }) => `${property}: ${what}`);
const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

const pem = `-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END\n`;
const SECRETS: Readonly<Record<string, string>> = {
  "a key": pem,
  "a key of the older kind": `-----BEGIN RSA PRIVATE KEY-----\n`,
  "a key in base64": `key: ${base64(pem)}`,
  "a key in base64 of several lines": base64(pem.repeat(3)).replaceAll(/.{64}/g, "$&\n"),
  "a key in gzip and base64": base64(gzipSync(pem)),
  "a key in base64 twice": base64(base64(pem)),
  "a password by equals": "[db]\npassword = hunter2hunter2\n",
  "a password by a colon": "database:\n  password: 'hunter2hunter2'\n",
  "a password in JSON": '{"user":"app","db_password":"hunter2hunter2"}',
  "a password in the environment": "DB_PASSWORD=hunter2hunter2\n",
  "a key of an interface": "export OPENAI_API_KEY=abcdefgh12345678\n",
  "a token by its form": `url https://example.org ghp_abcdefghijklmnop1234\n`,
  "a token in a header": 'proxy_set_header Authorization "Bearer abcdef0123456789";',
  "a password in an address": "dsn postgres://app:hunter2@db/app\n",
  "a hash": `deploy:$6$saltsalt$${"a".repeat(86)}:19000\n`,
};
const HARMLESS: Readonly<Record<string, string>> = {
  "a path of a password": "password_file = /run/credentials/db\npassword = /run/credentials/db\n",
  "a variable": "DB_PASSWORD=${DB_PASSWORD}\nTOKEN=$TOKEN\npassword: {{ vault }}\n",
  "a public key": `${operatorKey}\n-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n`,
  "a certificate": "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\n-----END CERTIFICATE-----\n",
  "a setting of passwords": "PasswordAuthentication no\npassword requisite pam_pwquality.so retry=3\nminlen = 12\n",
  "a word": 'token: no\nsecret=\npassword: ""\n',
  "a comment": "# The password lies in /etc/app/password, and the token beside it.\n",
  "an address": "https://example.org:8443/a?b=c\nssh://deploy@192.0.2.1:22\nhttp://[::1]:80/@x\n",
  "an address with variables": "postgres://${USER}:${PASSWORD}@db/app\n",
  "a header with a variable": 'proxy_set_header Authorization "Bearer $token_of_visitor";',
  "base64 of something": base64("nothing that anybody would hide, in many words\n"),
  bytes: base64(Buffer.from(Array.from({ length: 64 }, (_, index) => (index * 37) % 256))),
  "a digest": `sha256:${"ab12".repeat(16)}\n`,
  "a script": "#!/bin/sh\ntoken=$(cat /run/token)\ncurl -H @/run/header https://example.org\n",
};

describe("a secret that is not marked", () => {
  test.each(Object.entries(SECRETS))("%s", (_, content) => {
    expect(found(file(content))).toEqual([expect.stringMatching(/^files\.\/etc\/app\/conf: a .*, in clear$/)]);
    expect(found(file(content, true))).toEqual([]);
  });

  test("in what else a machine's specification says, each by its name", () => {
    const unit = {
      name: "app.service",
      unit: { Description: "App" },
      service: { ExecStart: "/usr/bin/app", Environment: ["A=b", `DB_PASSWORD=hunter2hunter2`] },
    };
    const nginx = { sites: { main: `location / { proxy_set_header Authorization "Basic YWRtaW46YWRtaW4="; }` } };
    expect(found({ files: [], units: [unit], nginx })).toEqual([
      "units.app.service.service.Environment: a password, in clear",
      "nginx.sites.main: a token, in clear",
    ]);
  });

  test("that a marked file holds is none in another one either, plain or packed", () => {
    const secret = { path: "/etc/app/token", content: "violet-otter-41\n", secret: true };
    const other = (content: string) => found({ files: [secret, { path: "/etc/app/other", content }] });
    const said = ["files./etc/app/other: what /etc/app/token holds, which is marked secret, in clear"];
    expect(other("start violet-otter-41 end")).toEqual(said);
    expect(other(base64(gzipSync("start violet-otter-41 end")))).toEqual(said);
    expect(other("start violet-otter end")).toEqual([]);
  });
});

test.each(Object.entries(HARMLESS))("no secret: %s", (_, content) => {
  expect(found(file(content))).toEqual([]);
});

test("a machine with a bit of everything holds none", () => {
  expect(found({})).toEqual([]);
});
