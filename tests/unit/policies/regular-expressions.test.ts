import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import ts from "typescript";
import { expect, test } from "vitest";

const pack = join(import.meta.dirname, "../../../policies");
const sources = readdirSync(pack, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

interface Expression {
  readonly source: string;
  readonly flags: string;
}

/** Whether a text can be made on which the expression takes twice as long for every sign more. */
function isExponential({ source, flags }: Expression): boolean {
  return analyse({ source, flags }, { reportTypes: { Move: false } }).reports.some(({ exponential }) => exponential);
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
  visit(ts.createSourceFile(file, readFileSync(join(pack, file), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

test("the measure tells what grows without bounds from what does not", () => {
  expect(isExponential({ source: "^(a+)+$", flags: "" })).toBe(true);
  expect(isExponential({ source: "^(?:-[a-z-]+)*$", flags: "" })).toBe(true);
  expect(isExponential({ source: "^a+$", flags: "" })).toBe(false);
});

test("no expression that is written in the pack takes exponential time", () => {
  const all = sources.flatMap((file) => writtenIn(file).map((one) => ({ file, ...one })));
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(isExponential)).toEqual([]);
});
