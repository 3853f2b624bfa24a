import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/gateway/cost-limits.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, program } = scene("t");
const limited = (costLimits: unknown) =>
  findings(rule, [program("gateway", []), declares({}, { gateway: { costLimits } })]).map(
    (line) => line.split(": ")[0],
  );

test.each([
  [{ turns: 40, perDay: 2.5 }, []],
  [{ turns: 40 }, ["perDay"]],
  [{ perDay: 20 }, ["turns"]],
  [{ turns: 0, perDay: -1 }, ["turns", "perDay"]],
  [undefined, ["turns", "perDay"]],
])("of %j it misses %j", (limits, missing) => {
  expect(limited(limits)).toEqual(missing.map((name) => `garrisonDeclarations.costLimits.${name}`));
});

test("is advice, and asks gateways only", () => {
  expect(rule.level).toBe("advisory");
  expect(findings(rule, [program("guard", [])])).toEqual([]);
});
