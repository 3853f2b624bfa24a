import { expect, test } from "vitest";
import { withoutSubpaths } from "#scripts/package/subpaths.ts";

test("a # name becomes the way from the file, in every form of import", () => {
  const text = [
    'import { a } from "#components/lib/a.ts";',
    'import type { b } from "#components/host/b.ts";',
    'export * from "./near.ts";',
    'import "#components/lib/side.ts";',
    'const c = await import("#components/index.ts");',
    'const colour = "#fff";',
  ].join("\n");
  expect(withoutSubpaths(text, "/repo/components/host/file.ts", "/repo").split("\n")).toEqual([
    'import { a } from "../lib/a.ts";',
    'import type { b } from "./b.ts";',
    'export * from "./near.ts";',
    'import "../lib/side.ts";',
    'const c = await import("../index.ts");',
    'const colour = "#fff";',
  ]);
});
