import { expect, test } from "vitest";

import { bridge, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/bridge/key-age.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares } = scene("t");
const aged = (key: Readonly<Record<string, unknown>>, asOf = "2026-06-30") =>
  findings(rule, [declares({ bridges: [bridge("t", {}, { rotationDays: 90, ...key })] })], { settings: { asOf } });

test.each([
  ["2026-06-30", 0],
  ["2026-04-01", 0],
  ["2026-03-31", 1],
  ["2026-07-01", 1],
  ["2026-02-30", 1],
  ["soon", 1],
  [undefined, 1],
])("a key of %s has %i findings", (issued, count) => {
  expect(aged({ issued })).toHaveLength(count);
});

test.each([undefined, 0, -1])("a key without an end (%j) is found", (rotationDays) => {
  expect(aged({ issued: "2026-06-01", rotationDays })).toHaveLength(1);
});

test("the day comes from the settings, and today is one", () => {
  expect(aged({ issued: "2026-06-01" }, "2026-12-31")).toEqual([
    "garrisonDeclarations.bridges.0.key.issued: 2026-06-01, 213 days ago",
  ]);
  expect(aged({ issued: new Date().toISOString().slice(0, 10) }, "today")).toEqual([]);
  expect(rule.level).toBe("advisory");
});
