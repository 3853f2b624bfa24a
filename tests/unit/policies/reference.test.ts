import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { renderReference } from "#policies/reference.ts";
import { rules } from "#policies/rules/catalogue.ts";

const page = resolve(import.meta.dirname, "../../../docs/reference/policies.md");

test("docs/reference/policies.md is what the rules say; `npm run docs` writes it", async () => {
  expect(await readFile(page, "utf8")).toBe(renderReference());
});

test("the page tells every rule and every example", () => {
  const text = renderReference();
  for (const rule of rules) {
    for (const part of [rule.title, rule.why, rule.fix, ...rule.references]) expect(text).toContain(part);
    for (const example of [...rule.examples.bad, ...rule.examples.good]) expect(text).toContain(`- ${example.title}\n`);
  }
});
