import fc from "fast-check";
import { expect, test } from "vitest";

import type { FindingParts } from "#policies/lib/finding-text.ts";
import { cutAtWord, lineOf, LONGEST_LINE, partsOf, textOf, wrapped } from "#policies/lib/finding-text.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { run } from "../support.ts";

const short: FindingParts = { resource: "web", property: "user", found: '"root"', expected: "a uid" };
const long = (word: string) => Array.from({ length: 30 }, () => word).join(" ");

test("a short finding is told whole", () => {
  expect(lineOf(short)).toBe('web: user is "root"; expected a uid.');
  expect(lineOf({ property: "backups", found: "not declared", expected: "a set" })).toBe(
    "backups is not declared; expected a set.",
  );
});

test("of a long one the longer part is cut at a word, and neither resource nor property", () => {
  const found = lineOf({ ...short, found: long("found") });
  expect(found).toMatch(/^web: user is (found )+found…; expected a uid\.$/);
  const expected = lineOf({ ...short, expected: long("wanted") });
  expect(expected).toMatch(/^web: user is "root"; expected (wanted )+wanted…$/);
  expect(lineOf({ ...short, found: long("found"), expected: long("wanted") })).toMatch(
    /^web: user is (found )+found…; expected (wanted )+wanted…$/,
  );
  for (const line of [found, expected]) expect(line.length).toBeGreaterThan(LONGEST_LINE - 12);
});

test("a waiver that does not count is told in short, and in full to programs", () => {
  const label = "The label garrison.waivers names x, but a label alone does not waive this finding; …";
  expect(lineOf({ ...short, waiver: label })).toBe(
    'web: user is "root"; expected a uid. A label alone does not waive it.',
  );
  const never = "There is a waiver of x, but nothing waives this finding.";
  expect(lineOf({ ...short, waiver: never })).toMatch(/ Nothing waives it\.$/);
  expect(textOf({ ...short, waiver: never })).toBe(`web: user is "root"; expected a uid. ${never}`);
});

test("what a terminal would obey, and line ends, become spaces", () => {
  expect(lineOf({ ...short, found: "a\nb\r\u001b[31mc\u2028d\u009b0me\ttab" })).toBe(
    "web: user is a b [31mc d 0me tab; expected a uid.",
  );
});

test("whatever the parts are, the line fits the screen", () => {
  const text = fc.string({ maxLength: 400 });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      text,
      fc.option(text, { nil: undefined }),
      (resource, property, found, expected, waiver) => {
        const line = lineOf({ resource, property, found, expected, waiver });
        expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
        expect(line).not.toContain("\n");
      },
    ),
  );
});

test("every finding of every example fits, with its resource and its property whole", () => {
  const all = rules.flatMap((rule) =>
    rule.examples.bad.flatMap(({ resources, settings }) =>
      run(rule, resources, { settings }).verdicts.map((verdict) => ({ verdict, line: lineOf(partsOf(rule, verdict)) })),
    ),
  );
  expect(all.length).toBeGreaterThan(rules.length);
  for (const { verdict, line } of all) {
    const { finding, resource } = verdict;
    expect(line.startsWith(`${resource === undefined ? "" : `${resource.name}: `}${finding.property} is `), line).toBe(
      true,
    );
    expect(line.length, line).toBeLessThanOrEqual(LONGEST_LINE);
  }
});

test("a text is cut after a word, or in one that is too long", () => {
  expect(cutAtWord("one two three", 13)).toBe("one two three");
  expect(cutAtWord("one two three", 12)).toBe("one two…");
  expect(cutAtWord("one two, three", 10)).toBe("one two…");
  expect(cutAtWord("x".repeat(20), 10)).toBe(`${"x".repeat(9)}…`);
});

test("a text is wrapped between words", () => {
  expect(wrapped("one two three", 7)).toBe("one two\nthree");
  expect(wrapped("longer-than-that a", 7)).toBe("longer-than-that\na");
});
