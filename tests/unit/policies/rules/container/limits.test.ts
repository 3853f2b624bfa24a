import { expect, test } from "vitest";

import type { ExampleResource } from "#policies/lib/rule.ts";
import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/limits.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const service = labels({ "garrison.service": "example" });
const pids = (limits: unknown, name = "pids"): ExampleResource => {
  return { type: "garrison:container:PidLimits", name, properties: { limits } };
};

test("every missing limit is named at once", () => {
  expect(onContainer(rule, { memory: undefined, memorySwap: undefined, cpus: undefined })).toEqual([
    "memory: not set",
    "cpus: not set",
  ]);
});

test.each([undefined, -1, 0, 64, 256])("memorySwap %j is not the memory", (memorySwap) => {
  expect(onContainer(rule, { memorySwap })).toEqual([`memorySwap: ${String(memorySwap ?? "not set")}`]);
});

test.each([0, -1])("memory %j is no limit", (memory) => {
  expect(onContainer(rule, { memory, memorySwap: memory })).toEqual([`memory: ${String(memory)}`]);
});

test.each([{ cpus: "0.25" }, { cpus: 1 }, { cpuQuota: 50000 }, { cpuSet: "0-1" }])("%j limits the CPU", (field) => {
  expect(onContainer(rule, { cpus: undefined, ...field })).toEqual([]);
});

test.each([
  {},
  { cpus: "" },
  { cpus: "0" },
  { cpus: "half" },
  { cpuQuota: 0 },
  { cpuQuota: -1 },
  { cpuSet: "" },
  { cpuShares: 2 },
])("%j does not", (field) => {
  expect(onContainer(rule, { cpus: undefined, ...field })).toHaveLength(1);
});

test("unknown limits are named and nothing is concluded from them", () => {
  const unknown = { memory: UNKNOWN, cpus: undefined, cpuQuota: UNKNOWN };
  const result = run(rule, [container(unknown)]);
  expect(result.verdicts).toEqual([]);
  expect(result.unknown).toEqual(["memory", "cpuQuota"]);
});

test("a service needs a process limit under its container's name", () => {
  expect(findings(rule, [container({ labels: service })])).toHaveLength(1);
  expect(findings(rule, [container({ labels: service }), pids({ other: 64 })])).toEqual([
    'name: "example", which no process limit covers',
  ]);
  expect(findings(rule, [container({ labels: service }), pids({ other: 1 }, "a"), pids({ example: 64 }, "b")])).toEqual(
    [],
  );
});

test.each([0, -1, 1.5, "many"])("%j processes is no limit", (limit) => {
  expect(findings(rule, [container({ labels: service }), pids({ example: limit })])).toHaveLength(1);
});

test("nothing is asked of containers of other programs, or while the limits are unknown", () => {
  expect(findings(rule, [container({})])).toEqual([]);
  const result = run(rule, [container({ labels: service }), pids(UNKNOWN)]);
  expect(result).toEqual({ verdicts: [], unknown: ["limits"] });
});
