import { expect, test } from "vitest";

import { rule } from "#policies/rules/secret/rotation-overdue.ts";
import { findings } from "#tests/unit/policies/support.ts";

const settings = { asOf: "2026-06-30" };
const on = (properties: Record<string, unknown>, config = {}, type = "garrison:secrets:RotatingSecret") =>
  findings(rule, [{ type, name: "x", properties }], { settings, config });

test.each([
  [{ rotated: "2026-06-30" }],
  [{ rotated: "2026-06-30T23:59:59Z" }],
  [{ rotated: "2025-06-30" }],
  [{ rotated: "2026-06-20", rotateEvery: 10 }],
  [{ generation: 3 }],
  [{}],
])("%j is in time", (properties) => {
  expect(on(properties)).toEqual([]);
});

test.each([
  [{ rotated: "2025-06-29" }, "2025-06-29, overdue by 1 day"],
  [{ rotated: "2026-06-18", rotateEvery: "10" }, "2026-06-18, overdue by 2 days"],
  [{ rotated: "2026-07-01" }, "2026-07-01, which is still to come"],
  [{ rotated: "soon" }, "not a day"],
  [{ rotated: "2026-13-40" }, "not a day"],
])("%j is not", (properties, found) => {
  expect(on(properties)).toEqual([`rotated: ${found}`]);
});

test("the configuration sets the age where the program does not", () => {
  expect(on({ rotated: "2026-05-01" }, { maximumAge: 30 })).toEqual(["rotated: 2026-05-01, overdue by 30 days"]);
  expect(on({ rotated: "2026-05-01", rotateEvery: 90 }, { maximumAge: 30 })).toEqual([]);
});

test("keepers of random resources count, other resources do not", () => {
  const old = { keepers: { rotatedAt: "2020-01-01" } };
  expect(on(old, {}, "random:index/randomPassword:RandomPassword")).toHaveLength(1);
  expect(on({ rotated: "2020-01-01" }, {}, "aws:s3/bucket:Bucket")).toEqual([]);
});
