import { expect, test } from "vitest";

import { bridge, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/bridge/key.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { declares } = scene("t");
const made = (type: string, length: unknown) => ({
  type: `random:index/${type}`,
  name: "made",
  properties: { length },
});
const keyed = (key: Readonly<Record<string, unknown>>) => declares({ bridges: [bridge("t", {}, key)] });

test.each([24, 32, "64"])("accepts %j bytes", (bytes) => {
  expect(findings(rule, [keyed({ bytes })])).toEqual([]);
});

test.each([0, 4, 23, undefined, "many"])("finds %j bytes", (bytes) => {
  expect(findings(rule, [keyed({ bytes })])).toHaveLength(1);
});

test.each([
  ["randomBytes:RandomBytes", 32, 0],
  ["randomBytes:RandomBytes", 16, 1],
  ["randomPassword:RandomPassword", 40, 0],
  ["randomPassword:RandomPassword", 24, 1],
  ["randomBytes:RandomBytes", UNKNOWN, 0],
])("what a %s of %j generates counts where it is less", (type, length, count) => {
  expect(findings(rule, [made(type, length), keyed({ bytes: 32, resource: "made" })])).toHaveLength(count);
});

test("a key serves one direction between one pair", () => {
  const second = bridge("t", { to: "t-second" }, { name: "t-key" });
  const back = bridge("t", { from: "t-gateway", to: "host" }, { name: "t-key" });
  const other = bridge("t", { to: "t-second" }, { name: "else" });
  const found = (own: unknown) => findings(rule, [declares({ bridges: [bridge("t"), own] })]);
  expect(found(second)).toHaveLength(2);
  expect(found(back)).toHaveLength(2);
  expect(found(other)).toEqual([]);
});

test("only the named resource counts, and only where it generates something", () => {
  const short = made("randomBytes:RandomBytes", 4);
  expect(findings(rule, [{ ...short, name: "else" }, keyed({ bytes: 32, resource: "made" })])).toEqual([]);
  expect(findings(rule, [short, keyed({ bytes: 32 })])).toEqual([]);
  const other = { ...short, type: "acme:index:Thing" };
  expect(findings(rule, [other, keyed({ bytes: 32, resource: "made" })])).toEqual([]);
  expect(findings(rule, [made("randomString:RandomString", 8), keyed({ bytes: 32, resource: "made" })])).toEqual([
    "garrisonDeclarations.bridges.0.key.bytes: 5 bytes, as its resource generates them",
  ]);
  expect(findings(rule, [keyed({ bytes: 4, resource: "made" })])).toEqual([
    "garrisonDeclarations.bridges.0.key.bytes: 4 bytes",
  ]);
});
