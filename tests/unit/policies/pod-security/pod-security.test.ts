import { expect, test } from "vitest";

import type { Rule } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { runAll } from "../support.ts";
import { accepted, refused } from "./fixtures.ts";
import type { Fixture } from "./fixtures.ts";

// One line for every program with containers, whatever they are.
const ALWAYS = new Set(["container.process-limit-advice", "agent.declared"]);
const judges: readonly Rule[] = rules.filter(({ id }) => !ALWAYS.has(id));

const found = ({ resources }: Fixture) =>
  runAll(judges, resources).verdicts.map(({ finding }) => `${finding.property}: ${finding.found}`);

test.each(refused)("found: $check", (fixture) => {
  expect(found(fixture)).not.toEqual([]);
});

test.each(accepted)("nothing is found: $check", (fixture) => {
  expect(found(fixture)).toEqual([]);
});
