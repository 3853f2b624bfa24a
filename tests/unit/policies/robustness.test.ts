import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { cleanContainer } from "#policies/lib/examples.ts";
import type { ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { runAll } from "./support.ts";

/** Every type that a rule judges, and one that none does. */
const types = [...new Set([...rules.flatMap((rule) => rule.types), "garrison:stack:Machine", "aws:s3/bucket:Bucket"])];

/** Every property that an example of the pack gives some resource, with what it gives. */
const known = rules.flatMap(({ examples }) =>
  [...examples.good, ...examples.bad].flatMap(({ resources }) =>
    resources.flatMap(({ type, properties }) =>
      Object.keys(properties).map((property) => ({ type, property, properties })),
    ),
  ),
);

const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    " ",
    "\0",
    "../".repeat(2000),
    "a".repeat(100_000),
    "=".repeat(50_000),
    `${"(a+)+".repeat(2000)}$`,
    "/".repeat(50_000),
    "-----BEGIN ".repeat(3000),
    "docker run ".repeat(3000),
    '{"defaultAction":'.repeat(1000),
    "http://[::",
    "%zz",
    "\u202Eroot",
    "1e999",
    "-0",
    "NaN",
    "::ffff:0.0.0.0",
  ),
);

/** What JSON can hold, with keys that are dangerous to a program that uses objects as dictionaries. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER),
  fc.jsonValue({ maxDepth: 4 }),
  fc.array(fc.oneof(hostileText, fc.jsonValue()), { maxLength: 5 }),
  fc.constant(Array.from({ length: 5000 }, (_, index) => ({ label: String(index), value: "x" }))),
  fc.constant(Array.from({ length: 5000 }, () => "no-new-privileges:true")),
  fc.constant(
    JSON.parse('{"__proto__": {"privileged": true}, "constructor": {"name": 1}, "toString": "x", "then": 1}'),
  ),
  fc.constant(JSON.parse('[{"__proto__": {"ip": "0.0.0.0"}}, null, [[[]]], {"length": 4294967296}]')),
);

function judgeAll(resources: readonly ExampleResource[]) {
  return runAll(rules, resources).verdicts;
}

describe("nothing stops a rule", () => {
  test("any property of any type may hold anything", () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), hostile, ({ type, property, properties }, value) => {
        judgeAll([{ type, name: "hostile", properties: { ...properties, [property]: value } }]);
      }),
      { numRuns: 1500 },
    );
  });

  test("any resource may be anything", () => {
    const anything = fc.dictionary(fc.constantFrom(...known.map(({ property }) => property), "__proto__"), hostile);
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.oneof(anything, fc.object()), (type, properties) => {
        judgeAll([{ type, name: "hostile", properties: properties }]);
      }),
      { numRuns: 500 },
    );
  });

  test("what an object inherits is not a property", () => {
    const inherited = Object.create({ privileged: true, pidMode: "host", image: 5 }) as Record<string, unknown>;
    const properties = Object.assign(inherited, cleanContainer);
    expect(
      judgeAll([{ type: "docker:index/container:Container", name: "heir", properties }]).map((v) => v.finding.property),
    ).not.toContain("privileged");
  });
});
