import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/limits.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, program } = scene("t");
const found = (changes: Readonly<Record<string, unknown>>) => findings(rule, [agent(changes)]);

test.each([
  [{}],
  [{ memory: "128", memorySwap: 128 }],
  [{ cpus: undefined, cpuQuota: 50_000 }],
  [{ cpus: undefined, cpuSet: "0-1" }],
  [{ logDriver: undefined }],
  [{ logDriver: "journald", logOpts: undefined }],
  [{ logOpts: { "max-size": "1.5g" } }],
  [{ memory: UNKNOWN }],
  [{ cpus: UNKNOWN }],
  [{ cpus: undefined, cpuQuota: UNKNOWN }],
  [{ logDriver: UNKNOWN, logOpts: undefined }],
])("accepts %j", (changes) => {
  expect(found(changes)).toEqual([]);
});

test.each([
  [{ memory: undefined }, "memory: not set"],
  [{ memory: 0 }, "memory: 0"],
  [{ memory: "many" }, 'memory: "many"'],
  [{ memorySwap: undefined }, "memorySwap: not set"],
  [{ memorySwap: -1 }, "memorySwap: -1"],
  [{ memorySwap: 256 }, "memorySwap: 256"],
  [{ cpus: undefined }, "cpus: not set"],
  [{ cpus: "0" }, 'cpus: "0"'],
  [{ cpus: undefined, cpuShares: 512 }, "cpus: not set"],
  [{ logOpts: undefined }, "logOpts.max-size: not set"],
  [{ logDriver: "json-file", logOpts: { "max-size": "-1" } }, 'logOpts.max-size: "-1"'],
  [{ logDriver: undefined, logOpts: { "max-file": "3" } }, "logOpts.max-size: not set"],
  [{ logOpts: { "max-size": "0" } }, 'logOpts.max-size: "0"'],
])("finds %j", (changes, expected) => {
  expect(found(changes)).toEqual([expected]);
});

test("other containers are other rules' matter", () => {
  expect(findings(rule, [program("other", [], { memory: undefined, logOpts: undefined })])).toEqual([]);
});
