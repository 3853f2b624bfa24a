import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/agent/runtime.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, program } = scene("t");

test.each([
  "runsc",
  "runsc-kvm",
  "kata",
  "kata-runtime",
  "kata-fc",
  "io.containerd.runsc.v1",
  "io.containerd.kata-qemu.v2",
  UNKNOWN,
])("accepts %s", (runtime) => {
  expect(findings(rule, [agent({ runtime })])).toEqual([]);
});

test.each([undefined, "", "runc", "crun", "nvidia", "youki", "norunsc", "io.containerd.runc.v2"])(
  "finds %j",
  (runtime) => {
    expect(findings(rule, [agent({ runtime })])).toHaveLength(1);
  },
);

test("asks it of agents only, and a label waives it", () => {
  expect(findings(rule, [program("other", [])])).toEqual([]);
  const waived = labels({ "garrison.role": "agent", "garrison.waivers": rule.id });
  expect(findings(rule, [agent({ runtime: undefined, labels: waived })])).toEqual([]);
});
