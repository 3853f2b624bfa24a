import { expect, test } from "vitest";

import type { ExampleResource, Rule } from "#policies/lib/rule.ts";
import type { Settings } from "#policies/lib/settings.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { asReadBack, withDefaults } from "./provider-defaults.ts";
import { run } from "./support.ts";

/** Where a rule finds something; the words may differ, because a default is shown where nothing stood. */
function places(rule: Rule, resources: readonly ExampleResource[], settings?: Partial<Settings>): string[] {
  const { verdicts } = run(rule, resources, { settings });
  return verdicts.map(({ finding, resource }) => `${resource?.urn ?? ""} ${finding.property}`).sort();
}

const cases = rules.map((rule) => ({ id: rule.id, rule, examples: [...rule.examples.good, ...rule.examples.bad] }));

test.each(cases)("$id finds the same with the provider's defaults filled in", ({ rule, examples }) => {
  for (const { title, resources, settings } of examples)
    expect(places(rule, resources.map(withDefaults), settings), title).toEqual(places(rule, resources, settings));
});

const overStacks = cases
  .filter(({ rule }) => rule.checkStack !== undefined)
  .map(({ rule, ...one }) => ({ ...one, rule: { ...rule, types: [] } }));

test.each(overStacks)("$id finds the same in the whole stack as it is read back", ({ rule, examples }) => {
  for (const { title, resources, settings } of examples)
    expect(places(rule, resources.map(asReadBack), settings), title).toEqual(places(rule, resources, settings));
});

test("the defaults change the examples: a container on a network of its own is shown with the bridge's mode", () => {
  const [first] = rules.find(({ id }) => id === "container.default-bridge")?.examples.good ?? [];
  const [filled] = first?.resources.map(withDefaults) ?? [];
  expect(filled?.properties).toMatchObject({
    networkMode: "bridge",
    networksAdvanced: [{ name: "example-net" }],
    healthcheck: { interval: "0s", __defaults: expect.arrayContaining(["interval"]) as unknown },
  });
  expect(filled?.properties.__defaults).toContain("networkMode");
});
