import fc from "fast-check";
import { expect, test } from "vitest";

import { parseJson5 } from "../../../../policies/lib/json5.ts";

test("reads all of JSON as JSON.parse does", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson5(text)).toEqual(JSON.parse(text));
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseJson5(JSON.stringify(value, null, 2))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([
  ["{a: 1, b: 'two', }", { a: 1, b: "two" }],
  ["// first\n[1, /* second */ 2,]", [1, 2]],
  ["{'a-b': \"c'd\", $e_1: .5}", { "a-b": "c'd", $e_1: 0.5 }],
  ["'a\\\nb\\x41\\u0042\\'\\q'", "abAB'q"],
  ["\uFEFF -1.5e3 ", -1500],
  ["0x10", 16],
  ["{a: 1, a: 2}", { a: 2 }],
  ["{a: null, b: true, c: false}", { a: null, b: true, c: false }],
])("reads %s", (text, expected) => {
  expect(parseJson5(text)).toEqual(expected);
});

test("a name like __proto__ stays a name", () => {
  const value = parseJson5('{"__proto__": {"polluted": true}}');
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  "",
  "{",
  "}",
  "[1 2]",
  "{a 1}",
  "{a: }",
  "{,}",
  "[,]",
  "'open",
  '"\\u12"',
  "nothing",
  "1 2",
  "/* open",
  "{1: 2}",
  "+",
  "--1",
])("refuses %j", (text) => {
  expect(() => parseJson5(text)).toThrow(SyntaxError);
});

test.each([
  "[".repeat(100_000),
  '{"a":'.repeat(100_000),
  "/*".repeat(100_000),
  "'\\".repeat(100_000),
  " ".repeat(1_000_000),
])("ends soon on hostile texts", (text) => {
  const started = performance.now();
  expect(() => parseJson5(text)).toThrow(SyntaxError);
  expect(performance.now() - started).toBeLessThan(1000);
});
