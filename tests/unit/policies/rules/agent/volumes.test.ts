import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/volumes.ts";
import { findings } from "#tests/unit/policies/support.ts";

const { agent, name, program, volume } = scene("t");
const mounted = { volumes: [{ volumeName: name("state"), containerPath: "/state" }] };
const found = (o?: string) => findings(rule, [agent(mounted), volume("state", { driverOpts: { o } })]);

test.each(["noexec", "rw, NOEXEC", "exec,noexec", "size=64m", "nosuid,size=1g,exec"])("accepts %s", (options) => {
  expect(found(options)).toEqual([]);
});

test.each([undefined, "", "nosuid,nodev", "noexec,exec", "size=0", "size="])("finds %s", (options) => {
  expect(found(options)).toEqual([`volumes.0.volumeName: "t-state", which runs programs and has no limit`]);
});

test("accepts a size that Docker keeps by quota", () => {
  expect(findings(rule, [agent(mounted), volume("state", { driverOpts: { size: "10G" } })])).toEqual([]);
});

test("looks at gateways beside agents, and at nobody else", () => {
  expect(findings(rule, [program("gateway", [], mounted)])).toHaveLength(1);
  expect(findings(rule, [program("model", [], mounted)])).toEqual([]);
});
