import { expect, test } from "vitest";

import { explanationOf } from "#policies/explain.ts";
import { rules } from "#policies/rules/catalogue.ts";

test("every rule is explained: its sentence, why, what mends it, and who may waive it", () => {
  for (const { id, title, why, fix } of rules) {
    const text = explanationOf([id]).replace(/\n +|\n(?!- )/g, " ");
    for (const said of [id, title, why, `To fix: ${fix}`, "Waiver: "]) expect(text).toContain(said);
    for (const line of explanationOf([id])
      .split("\n")
      .filter((one) => one.includes(" "))) {
      expect(line.length, line).toBeLessThanOrEqual(104);
    }
  }
});

test("several at once, also in capitals, and all of them as a list", () => {
  const text = explanationOf(["Container.User", "container.digest"]);
  expect(text).toContain("container.user\n");
  expect(text).toContain("\n\ncontainer.digest\n");
  expect(explanationOf(["--list"]).split("\n")).toHaveLength(rules.length);
});

test("what is no rule is refused, all of it at once, with those that may be meant", () => {
  const asked = () => explanationOf(["container.usr", "container.user", "nonsense"]);
  expect(asked).toThrow(/no such rule: container\.usr \(there are .*container\.user.*\); nonsense\n/);
  expect(() => explanationOf([])).toThrow(/^usage: /);
});
