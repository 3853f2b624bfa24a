import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
/** The pack, and what it shares with the components. */
const sources = ["policies", "containment"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file)),
);

interface Expression {
  readonly source: string;
  readonly flags: string;
}

/**
 * Whether two repetitions can divide the same signs between them, so that a text can be made on which the time grows with a
 * power of its length, or twice for every sign more. That an expression without a beginning is tried at every place is not
 * meant: the texts are cut.
 */
function growsByPower({ source, flags }: Expression): boolean {
  return analyse({ source, flags }, { reportTypes: { Move: false } }).reports.length > 0;
}

function writtenIn(file: string): Expression[] {
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

test("the measure tells what grows without bounds from what does not", () => {
  expect(growsByPower({ source: "^(a+)+$", flags: "" })).toBe(true);
  expect(growsByPower({ source: "^(?:-[a-z-]+)*$", flags: "" })).toBe(true);
  expect(growsByPower({ source: "^\\s*(.*?)\\s*$", flags: "" })).toBe(true);
  expect(growsByPower({ source: "^a+$", flags: "" })).toBe(false);
  expect(growsByPower({ source: "^\\s{0,9}(.{0,400}?)\\s{0,9}$", flags: "" })).toBe(false);
});

test("no expression that is written in the pack takes more than linear time at a place", () => {
  const all = sources.flatMap((file) => writtenIn(file).map((one) => ({ file, ...one })));
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(growsByPower)).toEqual([]);
});
