import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomIdentifier, uuidVersion7 } from "#plugins/random/identifiers.ts";
import { petName } from "#plugins/random/pets.ts";
import { pick, shuffle } from "#plugins/random/pick.ts";
import { randomText, textRules } from "#plugins/random/text.ts";

const count = fc.integer({ min: 0, max: 5 });

describe("random text", () => {
  test("has the length, the minimum of each kind, and nothing from a kind that is off", () => {
    const requests = fc.record({
      length: fc.integer({ min: 20, max: 64 }),
      lower: fc.constant(true),
      upper: fc.boolean(),
      numeric: fc.boolean(),
      special: fc.boolean(),
      minLower: count,
      minUpper: count,
      minNumeric: count,
      minSpecial: count,
    });
    fc.assert(
      fc.property(requests, (request) => {
        const text = randomText(textRules.parse(request));
        const many = (kind: RegExp) => text.match(kind)?.length ?? 0;
        expect(text).toHaveLength(request.length);
        expect(many(/[a-z]/g)).toBeGreaterThanOrEqual(request.minLower);
        const kinds = [
          [request.upper, request.minUpper, /[A-Z]/g],
          [request.numeric, request.minNumeric, /[0-9]/g],
          [request.special, request.minSpecial, /[^A-Za-z0-9]/g],
        ] as const;
        for (const [on, least, kind] of kinds) {
          expect(many(kind)).toBeGreaterThanOrEqual(least);
          if (!on) expect(many(kind)).toBe(least);
        }
      }),
    );
  });

  test("the wanted characters are not at fixed places", () => {
    const rules = textRules.parse({ length: 4, minUpper: 1, upper: false, special: false, numeric: false });
    const places = new Set(Array.from({ length: 200 }, () => randomText(rules).search(/[A-Z]/)));
    expect(places).toEqual(new Set([0, 1, 2, 3]));
  });

  test("special characters are the ones that were asked for; an empty request is none", () => {
    const only = { length: 50, lower: false, upper: false, numeric: false };
    expect(randomText(textRules.parse({ ...only, overrideSpecial: "-_" }))).toMatch(/^[-_]+$/);
    expect(randomText(textRules.parse({ ...only, overrideSpecial: "" }))).toMatch(/^[!@#$%&*()\-_=+[\]{}<>:?]+$/);
  });

  test.each([
    [{ length: 1, minLower: 2 }, "length", "is 1; the minimums add up to 2"],
    [{ length: 8, lower: false, upper: false, numeric: false, special: false }, "lower", "every kind of character"],
    [{ length: 8, number: true, numeric: false }, "number", "differs from numeric"],
  ])("%j is refused", (request, property, message) => {
    const issues = textRules.safeParse(request).error?.issues ?? [];
    expect(issues.map(({ path }) => path)).toContainEqual([property]);
    expect(issues.map((issue) => issue.message).join()).toContain(message);
  });

  test("number is the old name of numeric", () => {
    expect(textRules.parse({ length: 8, number: false })).toMatchObject({ number: false, numeric: false });
    expect(textRules.parse({ length: 8, numeric: false })).toMatchObject({ number: false, numeric: false });
  });
});

test("every item is picked about as often as any other", () => {
  // The remainder of a byte by 192 would come up with each of the first 64 twice as often.
  const items = Array.from({ length: 192 }, (_, index) => index);
  const counts = new Map<number, number>();
  for (let draw = 0; draw < 192_000; draw++) {
    const item = pick(items);
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  expect(counts.size).toBe(192);
  // 1000 each, with a standard deviation of 32: seven of them.
  for (const many of counts.values()) expect(Math.abs(many - 1000)).toBeLessThan(224);
});

test("a shuffle keeps every item", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (items) => {
      expect(shuffle(items).sort()).toEqual([...items].sort());
    }),
  );
});

test("an identifier is the same bytes in every spelling", () => {
  const { id, b64Std, b64Url, dec, hex } = randomIdentifier(8, "p-");
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(8);
  expect([b64Std, b64Url, hex, dec]).toEqual([
    `p-${bytes.toString("base64")}`,
    `p-${id}`,
    `p-${bytes.toString("hex")}`,
    `p-${bytes.readBigUInt64BE()}`,
  ]);
});

test("a version 7 UUID says so, and begins with its time", () => {
  const now = Date.UTC(2030, 0, 1);
  const uuid = uuidVersion7(now);
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(now);
});

test("a pet's name has the prefix and so many words", () => {
  expect(petName(3, ".", "my").split(".")).toHaveLength(4);
  expect(petName(1, "-")).toMatch(/^[a-z]+$/);
});
