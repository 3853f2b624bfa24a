import { expect, test } from "vitest";

import { on, scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/guard.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { declares, network, program } = scene("t");
const enforced = declares({}, { guard: { role: "guard", enforces: true } });
const path = [
  network("front"),
  network("back"),
  program("gateway", ["front"]),
  program("guard", ["front", "back"]),
  program("model", ["back"]),
];
const without = (short: string) => path.filter(({ name }) => name !== `t-${short}`);

test("passes where the guard relays and nothing leads round it", () => {
  expect(findings(rule, [...path, enforced])).toEqual([]);
});

test("a program without a gateway is not judged", () => {
  expect(findings(rule, [...without("gateway"), enforced])).toEqual([]);
});

test.each([
  ["no guard", without("guard"), "a gateway, and no guard in the program"],
  ["a guard that only answers", path, "nothing says that it relays what it checks"],
  [
    "the model beside the gateway",
    [...without("model"), program("model", ["front"]), enforced],
    '"t-model" leads round it',
  ],
  [
    "the egress proxy beside the gateway",
    [...path, program("egress-proxy", ["front"]), enforced],
    '"t-egress-proxy" leads round it',
  ],
  [
    "a neighbour that leads out itself",
    [...path, network("open", { internal: false }), program("other", ["front", "open"]), enforced],
    '"t-other" leads round it',
  ],
  [
    "a way out of the gateway's own",
    [
      ...without("gateway"),
      network("open", { internal: false }),
      program("gateway", [], on(["t-front", "t-open"])),
      enforced,
    ],
    '"t-open", a network that leads out leads round it',
  ],
  [
    "a guard on another network",
    [...without("gateway"), network("far"), program("gateway", ["far"]), enforced],
    "nothing says that it relays what it checks",
  ],
])("with %s it is declared, not enforced", (_, resources, expected) => {
  const [found, ...more] = findings(rule, resources);
  expect(found).toContain(expected);
  expect(more).toEqual([]);
});

test("is advice", () => {
  expect(rule.level).toBe("advisory");
});
