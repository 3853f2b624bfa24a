import { expect, test } from "vitest";

import { rule } from "#policies/rules/secret/weak-password.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const make = (type: string, properties: Record<string, unknown>, name = "x") => [
  { type: `random:index/${type}`, name, properties },
];
const password = (properties: Record<string, unknown>) =>
  findings(rule, make("randomPassword:RandomPassword", properties));
const key = (properties: Record<string, unknown>) =>
  findings(rule, [{ type: "tls:index/privateKey:PrivateKey", name: "x", properties }]);

test.each([
  [{ length: 16, special: false }],
  [{ length: "16" }],
  [{ length: 15 }],
  [{ length: 40, upper: false, special: false }],
  [{ length: 28, lower: false, upper: false, special: false, numeric: true }],
  [{}],
])("%j is enough", (properties) => {
  expect(password(properties)).toEqual([]);
});

test.each([
  [{ length: 15, special: false }, "15 of 62 different characters, 89 bits"],
  [{ length: 14 }, "14 of 83 different characters, 89 bits"],
  [{ length: 27, lower: false, upper: false, special: false }, "27 of 10 different characters, 89 bits"],
  [
    { length: 16, special: true, overrideSpecial: "_", lower: false, upper: "false" },
    "16 of 11 different characters, 55 bits",
  ],
  [
    { length: 30, numeric: false, lower: false, upper: false, overrideSpecial: "!!" },
    "30 of 1 different characters, 0 bits",
  ],
  [{ length: 20, number: false, lower: false, special: false, upper: false }, "20 of 0 different characters, 0 bits"],
  [{ length: 0 }, "0 of 83 different characters, 0 bits"],
])("%j is not", (properties, found) => {
  expect(password(properties)).toEqual([`length: ${found}`]);
});

test("other resources count as passwords by their name only", () => {
  expect(findings(rule, make("randomString:RandomString", { length: 8 }, "admin-password"))).toHaveLength(1);
  expect(findings(rule, make("randomString:RandomString", { length: 8 }, "bucket-suffix"))).toEqual([]);
  expect(findings(rule, make("randomId:RandomId", { byteLength: 8 }, "session-secret"))).toHaveLength(1);
  expect(findings(rule, make("randomId:RandomId", { byteLength: 8 }, "bucket"))).toEqual([]);
  expect(findings(rule, make("randomPet:RandomPet", { length: 9 }, "db-password"))).toHaveLength(1);
  expect(findings(rule, make("randomPet:RandomPet", {}, "host-name"))).toEqual([]);
  expect(findings(rule, make("randomBytes:RandomBytes", { length: 15 }))).toHaveLength(1);
  expect(findings(rule, make("randomBytes:RandomBytes", { length: 16 }))).toEqual([]);
});

test("keys", () => {
  expect(key({ algorithm: "RSA", rsaBits: 1024 })).toEqual(["rsaBits: 1024"]);
  expect(key({ algorithm: "rsa", rsaBits: "2047" })).toEqual(["rsaBits: 2047"]);
  expect(key({ algorithm: "RSA", rsaBits: 2048 })).toEqual([]);
  expect(key({ algorithm: "RSA" })).toEqual([]);
  expect(key({ algorithm: "ECDSA" })).toEqual(["ecdsaCurve: not set, which is P224"]);
  expect(key({ algorithm: "ECDSA", ecdsaCurve: "p224" })).toHaveLength(1);
  expect(key({ algorithm: "ECDSA", ecdsaCurve: "P256" })).toEqual([]);
  expect(key({ algorithm: "ED25519", rsaBits: 1024 })).toEqual([]);
});

test("nothing is concluded from unknown values", () => {
  const unknown = (properties: Record<string, unknown>) =>
    run(rule, make("randomPassword:RandomPassword", properties)).verdicts;
  expect(unknown({ length: UNKNOWN })).toEqual([]);
  expect(unknown({ length: 8, special: UNKNOWN })).toEqual([]);
});
