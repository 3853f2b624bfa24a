import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { checkout } from "#helpers/files/directories.ts";
import { linkToRule, referencePages } from "#policies/reference.ts";
import { rules } from "#policies/rules/catalogue.ts";

const pages = Object.entries(referencePages).map(([path, render]) => [path, render()] as const);

test.each(pages)("%s is what the rules say; `npm run docs` writes it", (path, text) => {
  expect(readFileSync(join(checkout, path), "utf8")).toBe(text);
});

test("a page tells every rule of its domain and every example", () => {
  const texts = Object.fromEntries(pages);
  for (const rule of rules) {
    const [path = "", anchor = ""] = linkToRule(rule.id).split("#");
    const text = texts[`docs/reference/${path}`] ?? "";
    expect(text).toContain(`\n## ${rule.id}\n`);
    expect(rule.id.replaceAll(".", "")).toBe(anchor);
    for (const part of [rule.title, rule.why, rule.fix, ...rule.references]) expect(text).toContain(part);
    for (const example of [...rule.examples.bad, ...rule.examples.good]) expect(text).toContain(`- ${example.title}\n`);
  }
});

test("the first page leads to every rule", () => {
  const index = referencePages["docs/reference/policies.md"]?.() ?? "";
  for (const { id } of rules) expect(index).toContain(`[${id}](${linkToRule(id)})`);
});
