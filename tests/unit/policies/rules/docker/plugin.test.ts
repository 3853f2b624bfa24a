import { expect, test } from "vitest";

import { rule } from "#policies/rules/docker/plugin.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const plugin = (properties: Record<string, unknown>) => [
  { type: "docker:index/plugin:Plugin", name: "x", properties: { name: "example/x", ...properties } },
];
const grant = (name: string, ...values: unknown[]) => plugin({ grantPermissions: [{ name, values }] });

test("every permission at once", () => {
  expect(findings(rule, plugin({ grantAllPermissions: true }))).toEqual(["grantAllPermissions: true"]);
  expect(findings(rule, plugin({ grantAllPermissions: "false" }))).toEqual([]);
});

test.each([
  ["network", "host"],
  ["mount", "/"],
  ["mount", "/var/run/docker.sock"],
  ["device", "/dev/fuse"],
  ["capabilities", "CAP_SYS_ADMIN"],
  ["Capabilities", "net_admin"],
  ["allow-all-devices", "true"],
  ["capabilities", "CAP_DAC_READ_SEARCH"],
  ["capabilities", "cap_bpf"],
  ["capabilities", "CAP_PERFMON"],
  ["capabilities", "CAP_SYSLOG"],
  ["mount", "/var/lib/docker"],
  ["mount", "/var/lib/kubelet"],
  ["mount", "/mnt"],
  ["mount", "/home"],
  ["mount", "//etc/../etc/cron.d"],
  ["host pid namespace", "true"],
  ["host ipc namespace", "true"],
  ["pidhost", "true"],
  ["network", "container:gateway"],
])("%s of %s reaches the host", (name, value) => {
  expect(findings(rule, grant(name, "x", value))).toHaveLength(1);
});

test.each([
  ["network", "bridge"],
  ["mount", "/var/lib/docker-volumes"],
  ["capabilities", "CAP_CHOWN"],
  ["allow-all-devices", "false"],
  ["mount", "/srv/volumes"],
  ["mount", "/mnt/volumes"],
  ["capabilities", "NET_BIND_SERVICE"],
  ["network", "none"],
  ["host pid namespace", "false"],
  ["other", "host"],
])("%s of %s does not", (name, value) => {
  expect(findings(rule, grant(name, value))).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, plugin({ grantAllPermissions: UNKNOWN, grantPermissions: UNKNOWN })).verdicts).toEqual([]);
});
