import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  containsUnknown,
  fromStruct,
  openSecrets,
  sealSecrets,
  toStruct,
  unknownValue,
} from "#helpers/pulumi/values.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("secrets", () => {
  it("are opened with their paths, also inside lists and inside each other", () => {
    const { plain, secrets } = openSecrets({ a: secret("x"), b: [1, { c: secret({ d: secret("y") }) }] });
    expect(plain).toEqual({ a: "x", b: [1, { c: { d: "y" } }] });
    expect(secrets).toEqual([["a"], ["b", 1, "c"], ["b", 1, "c", "d"]]);
  });

  it("are sealed where they were, and opened again to the same", () => {
    const names = fc.string({ minLength: 1, maxLength: 4 }).filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue({ maxDepth: 3 })), (bag) => {
        const paths = Object.keys(bag).map((key) => [key]);
        const sealed = sealSecrets(bag, paths);
        expect(openSecrets(sealed).plain).toEqual(openSecrets({ ...bag }).plain);
        expect(openSecrets(sealed).secrets).toEqual(expect.arrayContaining(paths));
      }),
    );
  });

  it("ignores paths that lead nowhere", () => {
    expect(sealSecrets({ a: 1 }, [["b"], ["a", "c"], ["a", 0, "d"]])).toEqual({ a: 1 });
  });
});

it("survives undefined members, which protobuf does not", () => {
  expect(fromStruct(toStruct({ a: undefined, b: [{ c: undefined, d: 1 }, undefined] }))).toEqual({
    b: [{ d: 1 }, null],
  });
});

it("finds unknown values at any depth", () => {
  expect(containsUnknown({ a: [{ b: unknownValue }] })).toBe(true);
  expect(containsUnknown({ a: [{ b: "known" }] })).toBe(false);
});
