import { expect, test } from "vitest";

import { rule } from "#policies/rules/command/incus.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const command = (create: string) => [{ type: "command:remote:Command", name: "x", properties: { create } }];

test.each([
  "incus launch images:debian/12 a -c security.privileged=true",
  "incus config set a security.privileged true",
  "lxc config set a security.privileged=1",
  'cat <<EOF | incus admin init --preseed\nprofiles:\n- config:\n    security.privileged: "true"\nEOF',
  "incus config set a raw.lxc 'lxc.cap.drop='",
  "incus config set a raw.apparmor='mount,'",
  "incus config set a raw.idmap 'both 0 0'",
  "incus config set a security.syscalls.intercept.mount=true",
  "incus config device add a root disk source=/ path=/host",
  "incus config device add a etc disk path=/x source=/etc",
  "incus profile device add p sock disk source=/run/docker.sock path=/x",
])("%j", (text) => {
  expect(findings(rule, command(text))).toHaveLength(1);
});

test.each([
  "incus launch images:debian/12 a",
  "incus config set a security.privileged=false",
  "incus config set a security.nesting=true",
  "incus config unset a security.privileged",
  "incus config device add a data disk source=/srv/a path=/data",
  "incus config device add a eth0 nic network=incusbr0",
  "echo security.privileged=true",
  "# incus config set a security.privileged=true",
])("%j passes", (text) => {
  expect(findings(rule, command(text))).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, command(UNKNOWN))).toEqual({ verdicts: [], unknown: ["create"] });
});
