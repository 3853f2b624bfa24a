import { expect, test } from "vitest";

import { container, labels } from "../../../../../policies/lib/examples.ts";
import { rule } from "../../../../../policies/rules/waiver/recorded.ts";
import { findings, run, UNKNOWN } from "../../support.ts";

const id = "container.read-only-root";
const good = { id, reason: "writes its configuration at start", owner: "security", expires: "2027-06-30" };
const program = (waivers: unknown, more = {}) => [
  { type: "garrison:container:HardenedContainer", name: "hardened", properties: { waivers } },
  { ...container({ readOnly: false, labels: labels({ "garrison.waivers": id, ...more }) }), parent: "hardened" },
];

test("a full record", () => {
  expect(findings(rule, program([good]))).toEqual([]);
});

test.each([
  [{ reason: undefined }, "reason not set"],
  [{ reason: "" }, 'reason ""'],
  [{ reason: "necessary" }, 'reason "necessary"'],
  [{ reason: "no idea" }, 'reason "no idea"'],
  [{ owner: "x" }, 'owner "x"'],
  [{ owner: undefined }, "owner not set"],
  [{ owner: " " }, 'owner " "'],
  [{ expires: undefined }, "expiry not set"],
  [{ expires: "30.06.2027" }, 'expiry "30.06.2027"'],
  [{ expires: "2027-02-30" }, 'expiry "2027-02-30"'],
  [{ expires: "2027-13-01" }, 'expiry "2027-13-01"'],
])("a record with %j", (changes, told) => {
  expect(findings(rule, program([{ ...good, ...changes }]))).toEqual([`labels: a waiver of ${id} with the ${told}`]);
});

test("every flaw at once, and no record of that id", () => {
  expect(findings(rule, program([{ id }]))).toHaveLength(3);
  expect(findings(rule, program([{ ...good, id: "container.user" }]))).toEqual([
    `labels: a waiver of ${id} without a record`,
  ]);
  expect(findings(rule, program(undefined))).toHaveLength(1);
});

test("a record on a component of another type does not count", () => {
  const [component, child] = program([good], { "garrison.service": "example" });
  if (component === undefined || child === undefined) throw new Error("two resources");
  expect(findings(rule, [{ ...component, type: "other:x:Y" }, child])).toHaveLength(1);
});

test("other programs may waive by label alone, unless configured", () => {
  const bare = [container({ readOnly: false, labels: labels({ "garrison.waivers": id }) })];
  expect(findings(rule, bare)).toEqual([]);
  expect(findings(rule, bare, { config: { requireRecord: true } })).toHaveLength(1);
});

test("unknown records are named", () => {
  const { verdicts, unknown } = run(rule, program([{ ...good, owner: UNKNOWN }]));
  expect(verdicts).toEqual([]);
  expect(unknown).toEqual(["waivers.0.owner"]);
});
