import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";

import { DECLARATIONS } from "#policies/lib/declarations.ts";
import { declarationsSchema, publishedSchema } from "#policies/lib/declarations-schema.ts";
import { Properties, Unknowns } from "#policies/lib/properties.ts";
import { schemaProblems } from "#policies/lib/schema-problems.ts";
import { rules } from "#policies/rules/catalogue.ts";

/** Another reader of the same schema. */
const published = z.fromJSONSchema(publishedSchema as Parameters<typeof z.fromJSONSchema>[0]);

function problems(value: unknown): number {
  return schemaProblems(new Properties({ value }, new Unknowns()), "value", declarationsSchema).length;
}

const examples = rules
  .filter(({ id }) => id !== "agent.declaration")
  .flatMap((rule) => [...rule.examples.good, ...rule.examples.bad])
  .flatMap(({ resources }) => resources.map(({ properties }) => properties[DECLARATIONS]))
  .filter((declared) => declared !== undefined);

test("what examples declare fits, unless what is missing is the point", () => {
  const incomplete = /expiresMinutes$/;
  // Through JSON, as the engine hands it over: what is undefined is not there.
  for (const declared of examples.map((own) => JSON.parse(JSON.stringify(own)) as unknown)) {
    for (const issue of published.safeParse(declared).error?.issues ?? [])
      expect(issue.path.join(".")).toMatch(incomplete);
  }
  expect(examples.length).toBeGreaterThan(50);
});

/** Values near the schema: right, nearly right, and anything. */
const leaf = fc.oneof(
  fc.constantFrom("agent", "acts", "t", "2026-01-01", "80", "53/udp", "", 1, 0, 0.5, 2, -1, true, false),
  fc.jsonValue({ maxDepth: 1 }),
);
const names = [
  "role",
  "trust",
  "name",
  "bytes",
  "key",
  "from",
  "to",
  "ports",
  "volumes",
  "drilled",
  "approval",
  "destructive",
  "by",
  "configuration",
  "utilisation",
  "extra",
];
const near = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, fc.array(leaf, { maxLength: 2 })), { maxKeys: 4 }),
);
const declarations = fc.dictionary(
  fc.constantFrom(...Object.keys(declarationsSchema.properties ?? {}), "extra"),
  fc.oneof(near, fc.array(near, { maxLength: 2 }), fc.dictionary(fc.constantFrom("p", "q"), near, { maxKeys: 2 })),
  { maxKeys: 2 },
);

test("the rule and a JSON Schema validator agree on what fits", () => {
  fc.assert(
    fc.property(declarations, (value) => {
      // `null` reads as absent to rules, because Pulumi writes it so.
      fc.pre(!JSON.stringify(value).includes("null"));
      expect(problems(value) === 0).toBe(published.safeParse(value).success);
    }),
    { numRuns: 2000 },
  );
});
