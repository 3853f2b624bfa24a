import { expect, test } from "vitest";

import { rule } from "#policies/rules/cloudflare/wildcard-dns.ts";
import { onResource, UNKNOWN } from "#tests/unit/policies/support.ts";

const base = { name: "www", type: "A" };
const { on, properties } = onResource(rule, "cloudflare:index/record:Record", base);

test("the baseline is clean", () => {
  expect(properties({})).toEqual([]);
});

test.each([
  [{ name: "*" }, "name"],
  [{ name: "*.example.com", type: "cname" }, "name"],
])("%j is found at %s", (changes, property) => {
  expect(properties(changes)).toEqual([property]);
});

test.each([{ name: "a.*" }, { name: "*", type: "MX" }])("%j is accepted", (changes) => {
  expect(properties(changes)).toEqual([]);
});

test.each([{ name: UNKNOWN }, { name: "*", type: UNKNOWN }])(
  "nothing is concluded from what is not known in %j",
  (changes) => {
    const { verdicts, unknown } = on(changes);
    expect(verdicts).toEqual([]);
    expect(unknown).not.toEqual([]);
  },
);
