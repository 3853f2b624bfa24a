import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { ExampleResource, Rule } from "#policies/lib/rule.ts";
import type { Settings } from "#policies/lib/settings.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { findings, run } from "./support.ts";

type Change = (value: unknown, name: string, random: () => number) => unknown;

/** Lists in which the order says something. */
const ORDERED = new Set([
  // Of options and labels given twice the last counts.
  "securityOpts",
  "labels",
  // Words of one command line.
  "command",
  "entrypoints",
  "tests",
  "commands",
  "args",
  "interpreters",
  // The first that matches counts, and the last catches all.
  "ingresses",
]);

/** A different way of writing the same resource. */
const spellings: Readonly<Record<string, Change>> = {
  "keys in another order": (value, _name, random) =>
    isRecord(value) ? Object.fromEntries(shuffled(Object.entries(value), random)) : value,
  "lists in another order": (value, name, random) =>
    Array.isArray(value) && !ORDERED.has(name) ? shuffled<unknown>(value, random) : value,
  "numbers and booleans as text": (value) =>
    typeof value === "number" || typeof value === "boolean" ? String(value) : value,
};

/** The published shape of a declaration says which values are numbers. */
const STRICT = new Set(["agent.declaration"]);

const examplesOf = (rule: Rule) => [
  ...rule.examples.bad.map((example) => ({ ...example, bad: true })),
  ...rule.examples.good.map((example) => ({ ...example, bad: false })),
];

describe.each(Object.entries(spellings))("%s", (title, change) => {
  const lenient = rules.filter(({ id }) => !(title.includes("as text") && STRICT.has(id)));

  test.each(lenient.map((rule) => ({ id: rule.id, rule })))("$id judges the same", ({ rule }) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...examplesOf(rule)),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (example, stream) => {
          const random = (): number => stream.next().value as number;
          const written = example.resources.map((resource) => rewritten(resource, change, random));
          expect(findings(rule, written, { settings: example.settings }).length > 0).toBe(example.bad);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("resources in another order", () => {
  test.each(rules.map((rule) => ({ id: rule.id, rule })))("$id finds the same, on the same resources", ({ rule }) => {
    const where = (resources: readonly ExampleResource[], settings: Partial<Settings> | undefined) =>
      run(rule, resources, { settings })
        .verdicts.map(({ finding, resource }) => `${resource?.urn ?? ""} ${finding.property}`)
        .sort();
    for (const { resources, settings } of examplesOf(rule)) {
      // Parents come before their children, whatever the order of a program.
      const reversed = [...resources.filter(isParent), ...resources.filter((one) => !isParent(one))].toReversed();
      const turned = [...reversed.filter(isParent), ...reversed.filter((one) => !isParent(one))];
      expect(where(turned, settings)).toEqual(where(resources, settings));
    }
  });
});

describe("marked as secret", () => {
  // A rule about secrets has to tell marked values from plain ones.
  const others = rules.filter(({ id }) => !/secret|custom-data|command.passwords|docker.provider/.test(id));

  test.each(others.map((rule) => ({ id: rule.id, rule })))("$id judges the same", ({ rule }) => {
    for (const example of examplesOf(rule)) {
      const resources = example.resources.map((one) => ({ ...one, secrets: Object.keys(one.properties) }));
      expect(findings(rule, resources, { settings: example.settings }).length > 0).toBe(example.bad);
    }
  });
});

function isParent({ type }: ExampleResource): boolean {
  return type.startsWith("garrison:");
}

function rewritten(resource: ExampleResource, change: Change, random: () => number): ExampleResource {
  return { ...resource, properties: everywhere(resource.properties, "", change, random) as Record<string, unknown> };
}

function everywhere(value: unknown, name: string, change: Change, random: () => number): unknown {
  const inside = Array.isArray(value)
    ? value.map((item) => everywhere(item, "", change, random))
    : isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, everywhere(item, key, change, random)]))
      : value;
  return change(inside, name, random);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
