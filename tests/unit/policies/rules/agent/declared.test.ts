import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/declared.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, declares, network, program } = scene("t");

test("says one line of a program with containers, however many", () => {
  expect(findings(rule, [container({}, "a"), container({}, "b")])).toEqual(["garrison.role: declared of no container"]);
  expect(rule.level).toBe("advisory");
});

test.each([
  ["has no containers", [network("net")], {}],
  ["has an agent by label", [agent()], {}],
  ["has an agent by settings", [container({}, "a")], { agents: ["a"] }],
  ["says what else a container is", [program("guard", [])], {}],
  ["must declare one, which another rule asks for", [container({}, "a")], { requireDeclaration: true }],
  ["must declare one, as a component says", [container({}, "a"), declares({ requireDeclaration: true })], {}],
])("says nothing of a program that %s", (_, resources, settings) => {
  expect(findings(rule, resources, { settings })).toEqual([]);
});

test("one role among many containers is a declaration", () => {
  expect(findings(rule, [container({}, "a"), program("guard", []), container({}, "b")])).toEqual([]);
});
