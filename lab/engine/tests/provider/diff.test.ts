import { describe, expect, it } from "vitest";
import { differences, pathText } from "#provider/diff.ts";

const paths = (before: object, after: object, sets?: string[]) =>
  differences({ ...before }, { ...after }, sets).map(({ path, kind }) => `${kind} ${pathText(path)}`);

describe("differences", () => {
  it("names the deepest path that changed", () => {
    expect(paths({ a: 1, b: { c: [1, { d: 2 }] }, e: 1 }, { a: 1, b: { c: [1, { d: 3 }] }, f: 1 })).toEqual([
      "update b.c[1].d",
      "delete e",
      "add f",
    ]);
  });

  it("looks past the order of sets, and of nothing else", () => {
    expect(paths({ s: [2, 1] }, { s: [1, 2] }, ["s"])).toEqual([]);
    expect(paths({ s: [2, 1] }, { s: [1, 2] })).toEqual(["update s[0]", "update s[1]"]);
  });

  it("looks past the protocol's bookkeeping", () => {
    expect(paths({ a: 1, __defaults: ["a"] }, { a: 1 })).toEqual([]);
  });
});

it("spells names with odd characters in brackets", () => {
  expect(pathText(["options", "com.docker.network", 0])).toBe('options["com.docker.network"][0]');
});
