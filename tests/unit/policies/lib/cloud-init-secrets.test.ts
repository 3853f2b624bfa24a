import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

import { secretsInFirstBootData } from "#policies/lib/cloud-init-secrets.ts";
import { cpuMs } from "#tests/support/cpu.ts";

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");
const SECRET = "PASSWORD=c0rrect-Horse-battery\n";
const HOST_KEY = ["ed25519_private: |\n  -----BEGIN OPENSSH", "PRIVATE KEY-----\n"].join(" ");

test.each([
  ["in clear", SECRET, ""],
  ["in base64", base64(SECRET), "base64"],
  ["in base64 that is short", base64("password: Abc4efgh"), "base64"],
  ["in wrapped base64", base64(SECRET.repeat(1).padStart(200)).replace(/(.{60})/g, "$1\n    "), "base64"],
  ["compressed", base64(gzipSync(SECRET)), "base64, gzip"],
  ["in a file", base64(`content: ${base64(SECRET)}\n`), "base64, base64"],
  ["in a compressed file", base64(gzipSync(`content: ${base64(gzipSync(SECRET))}\n`)), "base64, gzip, base64, gzip"],
])("a secret %s is found", (_, data, wrapping) => {
  expect(secretsInFirstBootData(data)).toMatchObject([{ wrapping, oneUse: false }]);
});

test("a secret is one, however many lines and wrappings it is in, and two are two", () => {
  const [begin, end] = ["BEGIN", "END"].map((word) => `-----${word} OPENSSH PRIVATE` + " KEY-----") as [string, string];
  const key = (body: string) => `${begin}\n${body}\n${end}\n`;
  const other = SECRET.replace("Horse", "Hound");
  expect(secretsInFirstBootData(SECRET.repeat(3))).toHaveLength(1);
  expect(secretsInFirstBootData(`${SECRET}content: ${base64(SECRET)}\n`)).toHaveLength(1);
  expect(secretsInFirstBootData(SECRET + other + SECRET)).toHaveLength(2);
  expect(secretsInFirstBootData(key("one") + key("one").replaceAll("\n", "\n    "))).toHaveLength(1);
  expect(secretsInFirstBootData(key("one") + key("two"))).toHaveLength(2);
});

test("a host key that stands elsewhere too is not used once only", () => {
  const copied = `# garrison.birth-key: one-use\n${HOST_KEY}${"#".repeat(500)}\nother: |\n${HOST_KEY.split("\n")[1] ?? ""}\n`;
  expect(secretsInFirstBootData(copied).map(({ oneUse }) => oneUse)).toEqual([true, false]);
});

test("a bomb is named and not opened", () => {
  const bomb = base64(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  expect(secretsInFirstBootData(bomb)).toMatchObject([{ kind: "a bomb of compressed data" }]);
});

test("data that is cut short is read as far as it goes", () => {
  const bytes = gzipSync(`${SECRET}${"x".repeat(5000)}`);
  expect(secretsInFirstBootData(base64(bytes.subarray(0, -8)))).toMatchObject([{ kind: "a password" }]);
});

test("only a host key can be declared one-use, and only by the declaration", () => {
  const other = ["path: /root/key\n-----BEGIN OPENSSH", "PRIVATE KEY-----\n"].join(" ");
  const declaration = "# garrison.birth-key: one-use\n";
  expect(secretsInFirstBootData(declaration + HOST_KEY)).toMatchObject([{ oneUse: true }]);
  expect(secretsInFirstBootData(HOST_KEY, true)).toMatchObject([{ oneUse: true }]);
  expect(secretsInFirstBootData(HOST_KEY)).toMatchObject([{ oneUse: false }]);
  expect(secretsInFirstBootData(declaration + other)).toMatchObject([{ oneUse: false }]);
  expect(secretsInFirstBootData(declaration + SECRET)).toMatchObject([{ oneUse: false }]);
});

test.each([
  "PASSWORD=$1",
  "token: <token>",
  "PASSWORD_FILE=/run/secrets/x",
  "lock_passwd: true",
  "passwd: '*'",
  "ssh_pwauth: false",
])("%s is none", (text) => {
  expect(secretsInFirstBootData(text)).toEqual([]);
});

test("hostile data takes no time", () => {
  const start = cpuMs();
  for (const piece of ["A", "a-", "password", "=\n", "://", "-----BEGIN ", "x:y@", "\u0000"]) {
    secretsInFirstBootData(piece.repeat(200_000 / piece.length));
  }
  expect(cpuMs() - start).toBeLessThan(5000);
});
