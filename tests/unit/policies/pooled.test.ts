import { expect, test } from "vitest";

import type { Example, ExampleResource } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { findings, run } from "./support.ts";

const mandatory = rules.filter((rule) => rule.level === "mandatory");

/** Several examples as one program, in which every resource has a name of its own. */
function together(examples: readonly Example[]): ExampleResource[] {
  return examples.flatMap(({ resources }, index) => {
    const rename = (name: string) => `${name}-${String(index)}`;
    return resources.map(({ parent, ...resource }) => ({
      ...resource,
      name: rename(resource.name),
      ...(parent !== undefined && { parent: rename(parent) }),
    }));
  });
}

/** The rules that connect resources by name: to them examples of one program could be each other's. */
const connecting = mandatory.filter(({ id }) => /^(agent|gateway|memory|bridge|backup|gpu)\./.test(id));

const withoutSettings = (examples: readonly Example[]) => examples.filter(({ settings }) => settings === undefined);

test.each(connecting)("good examples of all rules in one program pass $id", (rule) => {
  const program = together(mandatory.flatMap(({ examples }) => withoutSettings(examples.good)));
  expect(findings(rule, program)).toEqual([]);
});

test.each(connecting)("bad examples in one program are found as often as there are: $id", (rule) => {
  const examples = withoutSettings(rule.examples.bad);
  expect(run(rule, together(examples)).verdicts.length).toBeGreaterThanOrEqual(examples.length);
});
