import { expect, test } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { type } from "#policies/lib/types.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { runAll } from "./support.ts";

const mandatory = rules.filter(({ level }) => level === "mandatory");

/** Containers alone, found by a rule that no other resource of the program and no setting has a say in. */
const bad = mandatory.flatMap((rule) =>
  rule.examples.bad
    .filter(({ resources, settings }) => resources.length === 1 && settings === undefined)
    .flatMap(({ title, resources: [resource] }) =>
      resource?.type === type.container && !rule.id.startsWith("waiver.")
        ? [{ title: `${rule.id}: ${title}`, resource, rule }]
        : [],
    ),
);

/** A container that says it is one of an estate's, and that its departure is waived. */
function claiming(resource: ExampleResource, id: string): ExampleResource {
  const labels = Object.entries({
    "garrison.estate": "office",
    "garrison.stack": "office",
    "garrison.service": "example",
    "garrison.waivers": id,
  }).map(([label, value]) => ({ label, value }));
  const before = Array.isArray(resource.properties.labels) ? (resource.properties.labels as unknown[]) : [];
  return { ...resource, properties: { ...resource.properties, labels: [...before, ...labels] } };
}

test("there are such examples", () => {
  expect(bad.length).toBeGreaterThan(100);
});

test.each(bad)("to claim our labels gets nobody out of $title", ({ resource, rule }) => {
  // What is waived is no verdict.
  const { verdicts } = runAll(mandatory, [claiming(resource, rule.id)]);
  expect(verdicts.length).toBeGreaterThan(0);
});
