import { describe, expect, test } from "vitest";
import { compareVersions, versionOf, withVersion } from "#scripts/images/version.ts";

describe("versionOf", () => {
  test.each([
    ["1.31.9-alpine", [1, 31, 9]],
    ["v4.16.3", [4, 16, 3]],
    ["2026.7.1-2", [2026, 7, 1, 2]],
    ["2026.7.1-2-browser", [2026, 7, 1, 2]],
    ["2026.3.25-541c6c3cb", [2026, 3, 25]],
    ["2.5.5-rootless", [2, 5, 5]],
    ["latest", undefined],
    ["", undefined],
  ])("reads %s", (tag, version) => {
    expect(versionOf(tag)).toEqual(version);
  });
});

test("compares by number, not by letter", () => {
  expect(compareVersions([1, 9], [1, 10])).toBeLessThan(0);
  expect(compareVersions([2026, 7, 1, 2], [2026, 7, 1])).toBeGreaterThan(0);
  expect(compareVersions([1, 0], [1])).toBe(0);
});

test.each([
  ["1.29.5-alpine", "1.31.9", "1.31.9-alpine"],
  ["v0.4.2", "0.5.0", "v0.5.0"],
  ["2026.7.1-2", "2026.8.1", "2026.8.1"],
])("puts a version into %s", (tag, version, result) => {
  expect(withVersion(tag, version)).toBe(result);
});
