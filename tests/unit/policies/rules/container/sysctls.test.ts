import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/sysctls.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  "net.ipv4.ip_forward",
  "net/ipv4/ip_forward",
  "kernel.core_pattern",
  "vm.overcommit_memory",
  "net.ipv4.conf.all.route_localnet",
  "fs.suid_dumpable",
])("%s reaches further", (name) => {
  expect(onContainer(rule, { sysctls: { [name]: "1" } })).toEqual([`sysctls.${name}: ${name} of "1"`]);
});

test.each([
  "net.core.somaxconn",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ip_local_port_range",
  "kernel.shmmax",
  "fs.mqueue.msg_max",
])("%s is its own", (name) => {
  expect(onContainer(rule, { sysctls: { [name]: "1" } })).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ sysctls: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["sysctls"] });
});
