import { afterEach, expect, test, vi } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { rule } from "#policies/rules/waiver/expired.ts";
import { findings } from "#tests/unit/policies/support.ts";

afterEach(() => vi.useRealTimers());

function hardened(...dates: unknown[]): ExampleResource {
  const waivers = dates.map((expires) => ({
    id: "container.user",
    reason: "the image forces it",
    owner: "ops",
    expires,
  }));
  return { type: "garrison:container:HardenedContainer", name: "hardened", properties: { waivers } };
}

test.each([
  ["2026-11-30", ["waivers.0.expires: a waiver of container.user that ended on 2026-11-30"]],
  ["2026-12-01", []],
  ["2026-12-02", []],
  ["someday", []],
  [undefined, []],
])("a record that ends on %s, on the first of December", (expires, expected) => {
  expect(findings(rule, [hardened(expires)], { settings: { asOf: "2026-12-01" } })).toEqual(expected);
});

test("a waiver of the configuration counts as well", () => {
  const waiver = {
    rule: "azure.locks",
    resource: "urn",
    reason: "kept elsewhere too",
    owner: "ops",
    expires: "2026-01-31",
  };
  expect(findings(rule, [], { settings: { asOf: "2026-02-01", waivers: [waiver] } })).toEqual([
    "pack.settings: waivers.0.expires: a waiver of azure.locks that ended on 2026-01-31",
  ]);
});

test("without a day it is today", () => {
  vi.useFakeTimers({ now: new Date("2026-12-01T12:00:00Z") });
  expect(findings(rule, [hardened("2026-11-30", "2026-12-01")])).toHaveLength(1);
  expect(findings(rule, [hardened("2026-11-30")], { settings: { asOf: "today" } })).toHaveLength(1);
});
