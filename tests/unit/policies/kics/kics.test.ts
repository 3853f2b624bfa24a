import { describe, expect, test } from "vitest";

import type { Rule } from "#policies/lib/rule.ts";
import { rules } from "#policies/rules/catalogue.ts";
import { findings } from "../support.ts";
import type { Case } from "./case.ts";
import { expectations } from "./mapping.ts";
import { mounts } from "./mounts.ts";
import { openings } from "./ports.ts";
import { posture } from "./posture.ts";

const cases = [...posture, ...openings, ...mounts];

const byId = (id: string): Rule => {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
};

const foundBy = (ids: readonly string[], { resources }: Case): string[] =>
  ids.filter((id) => findings(byId(id), resources).length > 0);

const titled = (list: readonly Case[]) =>
  list.map((one) => ({ ...one, title: `${one.fixture}${one.deviation === undefined ? "" : ", a deviation"}` }));

describe.each(expectations)("$query", ({ query, rules: ids }) => {
  const own = cases.find((one) => one.query === query);

  test("has its fixtures translated", () => {
    expect(own?.positive.length ?? 0).toBeGreaterThan(0);
  });

  test.each(titled(own?.positive ?? []))("finds $title", (one) => {
    // A deviation is a statement too: what is not found must not be found.
    expect(foundBy(ids, one).length > 0).toBe(one.deviation === undefined);
  });

  test.each(titled(own?.negative ?? []))("leaves alone $title", (one) => {
    expect(foundBy(ids, one).length > 0).toBe(one.deviation !== undefined);
  });
});

test("every translated query is mapped", () => {
  expect(cases.map(({ query }) => query).sort()).toEqual(expectations.map(({ query }) => query).sort());
});
