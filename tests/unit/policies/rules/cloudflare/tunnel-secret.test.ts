import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/tunnel-secret.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const type = "cloudflare:index/tunnel:Tunnel";
const on = (tunnelSecret: unknown, secrets = ["tunnelSecret"]) => [
  { type, name: "t", properties: { tunnelSecret }, secrets },
];
const random = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37) % 251)).toString("base64");

test("32 random bytes, marked, pass; so do none and withheld ones", () => {
  for (const value of [random, undefined, "[secret]"]) expect(findings(rule, on(value))).toEqual([]);
  expect(findings(rule, on(random, []))).toEqual(["tunnelSecret: a plain value"]);
});

test.each([
  [Buffer.from(random, "base64").subarray(0, 31).toString("base64"), "31 bytes"],
  [Buffer.alloc(32, "ab").toString("base64"), "32 bytes of only 2 different values"],
  ["not base64!", "no base64"],
])("%s is found, and not repeated", (value, found) => {
  expect(findings(rule, on(value))).toEqual([`tunnelSecret: ${found}`]);
});

test("an unknown one is judged later", () => {
  expect(run(rule, on(UNKNOWN))).toEqual({ verdicts: [], unknown: ["tunnelSecret"] });
});
