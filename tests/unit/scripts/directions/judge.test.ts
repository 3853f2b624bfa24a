import { describe, expect, test } from "vitest";
import type { Directions } from "#scripts/directions/declared.ts";
import { judge } from "#scripts/directions/judge.ts";

const declared: Directions = {
  parts: {
    stacks: { is: "", needs: ["components"] },
    components: { is: "", needs: [], order: ["machine", "lib"] },
    lab: { is: "", needs: ["components"] },
    "lab/engine": { is: "", needs: [], entry: "lab/engine/install.ts" },
    scripts: { is: "", needs: ["lab", "lab/engine"] },
  },
  exceptions: [],
  circles: [],
};
const told = (from: string, to: string, directions: Directions = declared) =>
  judge([{ from, to }], directions).map(({ property, found, expected }) => [property, found, expected].join(": "));

describe("imports", () => {
  test.each([
    ["stacks/office.ts", "components/machine/machine.ts"],
    ["components/index.ts", "components/lib/shell.ts"],
    ["components/machine/machine.ts", "components/lib/shell.ts"],
    ["scripts/up.ts", "lab/engine/install.ts"],
    ["vitest.config.ts", "scripts/up.ts"],
  ])("%s -> %s goes the declared way", (from, to) => {
    expect(told(from, to)).toEqual([]);
  });

  test.each([
    ["components/lib/shell.ts", "stacks/office.ts", "components imports from no other part"],
    ["lab/up.ts", "scripts/up.ts", "lab imports from components"],
    ["lab/up.ts", "lab/engine/install.ts", "lab imports from components"],
    ["scripts/up.ts", "lab/engine/cli/main.ts", "of lab/engine nothing but lab/engine/install.ts"],
    ["components/lib/shell.ts", "components/machine/machine.ts", "machine does not stand below lib in components"],
    ["components/lib/shell.ts", "components/index.ts", " does not stand below lib in components"],
    ["components/machine/a.ts", "components/other/b.ts", "a place for other in the order of components"],
    ["extra/a.ts", "components/lib/b.ts", "extra/a.ts in a part of scripts/directions/declared.ts"],
  ])("%s -> %s does not", (from, to, expected) => {
    expect(told(from, to)).toEqual([`${from}: imports ${to}: ${expected}`]);
  });
});

describe("exceptions", () => {
  const [from, to] = ["components/lib/shell.ts", "components/machine/machine.ts"];
  const exceptions = [{ from, to, why: "not yet" }];

  test("excuse one import, and no other", () => {
    expect(told(from, to, { ...declared, exceptions })).toEqual([]);
    expect(told(from, "components/machine/other.ts", { ...declared, exceptions })[0]).toMatch(/machine\/other\.ts/);
  });

  test("that excuse nothing any more have to go", () => {
    expect(told("stacks/office.ts", to, { ...declared, exceptions })).toEqual([
      `${from} -> ${to}: an exception for what is not there any more: no line for it in scripts/directions/declared.ts`,
    ]);
  });
});

describe("circles", () => {
  const [a, b] = ["stacks/a.ts", "stacks/b.ts"];
  const round = [
    { from: a, to: b, circle: [b, a] },
    { from: b, to: a, circle: [a, b] },
  ];

  test("are told once, however many imports they are made of", () => {
    expect(judge(round, declared).map(({ found }) => found)).toEqual([`a circle: ${a} -> ${b} -> ${a}`]);
  });

  test("that are known are no news, and gone ones have to go", () => {
    const circles = [{ files: [a, b], why: "not yet" }];
    expect(judge(round, { ...declared, circles })).toEqual([]);
    expect(judge([], { ...declared, circles }).map(({ property }) => property)).toEqual([
      `${a} in a circle`,
      `${b} in a circle`,
    ]);
  });
});
