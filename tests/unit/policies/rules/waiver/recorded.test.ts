import { expect, test } from "vitest";

import { configurations } from "#policies/configurations.ts";
import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/waiver/recorded.ts";
import { findings, run, UNKNOWN, urnOf } from "#tests/unit/policies/support.ts";

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
  [{ reason: "TODO TODO TODO" }, 'reason "TODO TODO TODO"'],
  [{ reason: ". . . . . . ." }, 'reason ". . . . . . ."'],
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

test("of two records of one id both have to be in order", () => {
  expect(findings(rule, program([good, { ...good, owner: "" }]))).toHaveLength(1);
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

const labelled = (type: string, ids: string, name: string) => ({
  type,
  name,
  properties: { name, labels: labels({ "garrison.waivers": ids }) },
});
const [CONTAINER, SERVICE, VOLUME, NETWORK] = ["container", "service", "volume", "network"].map(
  (kind) => `docker:index/${kind}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
) as [string, string, string, string];

test.each([
  ["a container of it", container({ labels: labels({ "garrison.estate": "demo" }) }, "web")],
  ["a service of it", container({ labels: labels({ "garrison.service": "web" }) }, "web")],
  ["a volume of it", { type: VOLUME, name: "web", properties: { labels: labels({ "garrison.stack": "demo" }) } }],
  ["its machine", { type: "garrison:stack:Machine", name: "demo", properties: {} }],
  ["its process limits", { type: "garrison:container:PidLimits", name: "pids", properties: { limits: {} } }],
])("beside %s every label of every resource needs its record", (_, ours) => {
  const bare = [
    labelled(CONTAINER, `${id}, container.user`, "rogue"),
    labelled(SERVICE, id, "rogue-service"),
    labelled(VOLUME, "container.sensitive-mounts", "rogue-volume"),
    labelled(NETWORK, "network.driver", "rogue-network"),
  ];
  expect(findings(rule, [...bare, ours])).toHaveLength(5);
  expect(findings(rule, bare)).toEqual(["labels: a waiver of container.sensitive-mounts without a record"]);
});

test("what gives the host away no label waives, unless the configuration leaves it to labels", () => {
  const grave = ["container.sensitive-mounts", "container.host-namespaces", "container.docker-api"];
  const bare = [labelled(CONTAINER, grave.join(), "rogue")];
  expect(findings(rule, bare)).toHaveLength(3);
  const configs = new Map(grave.map((one) => [one, { waivableByLabel: true }]));
  expect(findings(rule, bare, { configs })).toEqual([]);
  const waivers = grave.map((one) => ({ rule: one, resource: urnOf(bare[0] ?? raise()), ...good }));
  expect(findings(rule, bare, { settings: { waivers } })).toEqual([]);
});

test("a container that calls itself an estate's needs the record too, also where only grave findings stop", () => {
  const own = labels({ "garrison.waivers": "container.sensitive-mounts", "garrison.estate": "mine" });
  expect(findings(rule, [container({ labels: own })])).toHaveLength(1);
  expect(configurations.baseline[rule.id]).toEqual({ enforcementLevel: "mandatory" });
});

function raise(): never {
  throw new Error("a resource is there");
}

test("unknown records are named", () => {
  const { verdicts, unknown } = run(rule, program([{ ...good, owner: UNKNOWN }]));
  expect(verdicts).toEqual([]);
  expect(unknown).toEqual(["waivers.0.owner"]);
});
