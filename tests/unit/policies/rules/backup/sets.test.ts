import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/backup/sets.ts";
import { findings, run } from "#tests/unit/policies/support.ts";

const { declares, program } = scene("t");
const volume = (name: string, more: Readonly<Record<string, unknown>> = {}, parent?: string) => ({
  type: "docker:index/volume:Volume",
  name,
  properties: { name, ...more },
  ...(parent !== undefined && { parent }),
});
const set = (volumes: readonly string[], drilled: unknown = "2026-06-01") => ({ name: "daily", volumes, drilled });
const asOf = { asOf: "2026-06-30" };

test("asks nothing of a program that declares no set", () => {
  expect(findings(rule, [volume("data")], { settings: asOf })).toEqual([]);
});

test("asks it of every volume once a set is declared", () => {
  const { verdicts } = run(rule, [declares({ backupSets: [set(["data"])] }), volume("data"), volume("more")], {
    settings: asOf,
  });
  expect(verdicts.map(({ resource }) => resource?.name)).toEqual(["more"]);
});

test.each([
  [
    "a set of another component",
    [declares({ backupSets: [set(["data"])] }), { ...declares({ backupSets: [set(["more"])] }), name: "other" }],
  ],
  ["what holds nothing worth keeping", [declares({ backupSets: [set(["data"])], stateless: ["more"] })]],
])("counts %s", (_, components) => {
  expect(findings(rule, [...components, volume("data"), volume("more")], { settings: asOf })).toEqual([]);
});

test("volumes in memory hold nothing that could be kept", () => {
  const memory = volume("more", { driverOpts: { type: "tmpfs" } });
  expect(findings(rule, [declares({ backupSets: [set([])] }), memory], { settings: asOf })).toEqual([]);
});

test("a component with volumes of its own does not speak for those of another", () => {
  const machine = declares({ backupSets: [set(["data"])] });
  const resources = [machine, volume("data", {}, machine.name), volume("more")];
  expect(findings(rule, resources, { settings: asOf })).toEqual([]);
  expect(findings(rule, resources, { settings: { ...asOf, requireBackups: true } })).toHaveLength(1);
});

test.each([
  ["2026-06-30", 0],
  ["2026-07-01", 1],
  ["2026-02-31", 1],
  ["never", 1],
  [undefined, 1],
])("a set that was restored on %s has %i findings", (drilled, count) => {
  const own = { ...set([]), drilled };
  expect(findings(rule, [declares({ backupSets: [own] })], { settings: asOf })).toHaveLength(count);
});

test("the settings ask it of every program", () => {
  expect(findings(rule, [volume("data")], { settings: { requireBackups: true } })).toHaveLength(1);
});

test("a volume that no resource declares is asked for where it is mounted, once", () => {
  const mounting = (short: string, more = {}) =>
    program("other", [], { volumes: [{ volumeName: "loose", containerPath: "/l", ...more }] }, short);
  const found = (...resources: Parameters<typeof findings>[1][number][]) =>
    findings(rule, [declares({ backupSets: [set(["data"])] }), volume("data"), ...resources], { settings: asOf });
  expect(found(mounting("a"), mounting("b"))).toEqual(['volumes.0.volumeName: "loose", in no backup set']);
  expect(found(volume("loose"), mounting("a"))).toEqual(['name: "loose", in no backup set']);
  expect(found(mounting("a", { readOnly: true }))).toEqual([]);
  expect(found(program("other", [], { mounts: [{ type: "bind", source: "/srv", target: "/x" }] }))).toEqual([]);
});
