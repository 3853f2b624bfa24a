import { describe, expect, test } from "vitest";

import { rule } from "#policies/rules/command/host-key.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const hostKey = "ssh-ed25519 AAAA";
const on = (type: string, properties: Record<string, unknown>) => [{ type, name: "x", properties }];
const local = (create: string) => findings(rule, on("command:local:Command", { create }));

describe.each(["command:remote:Command", "command:remote:CopyToRemote", "command:remote:CopyFile"])("%s", (type) => {
  test.each([
    [{ host: "h" }, ["connection.hostKey"]],
    [{ host: "h", hostKey: "" }, ["connection.hostKey"]],
    [{ host: "h", hostKey: "  " }, ["connection.hostKey"]],
    [{ host: "h", hostKey, proxy: { host: "p" } }, ["connection.proxy.hostKey"]],
    [{ host: "h", proxy: { host: "p" } }, ["connection.hostKey", "connection.proxy.hostKey"]],
    [{ host: "h", hostKey }, []],
    [{ host: "h", hostKey, proxy: { host: "p", hostKey } }, []],
  ])("%j", (connection, expected) => {
    const found = findings(rule, on(type, { connection })).map((one) => one.split(":")[0]);
    expect(found).toEqual(expected);
  });

  test("unknown values are judged later", () => {
    for (const connection of [UNKNOWN, { host: "h", hostKey: UNKNOWN }]) {
      expect(run(rule, on(type, { connection })).verdicts).toEqual([]);
    }
  });
});

test.each([
  "ssh -o StrictHostKeyChecking=no host",
  "ssh -oStrictHostKeyChecking=no host",
  "ssh -o 'StrictHostKeyChecking no' host",
  'ssh -o "StrictHostKeyChecking=NO" host',
  "ssh -o stricthostkeychecking=off host",
  "ssh -o StrictHostKeyChecking = no host",
  "ssh \\\n  -o StrictHostKeyChecking=no host",
  "scp -o UserKnownHostsFile=/dev/null a host:",
  "rsync -e 'ssh -o \"StrictHostKeyChecking=no\"' a host:",
  "rsync -e \"ssh -o 'UserKnownHostsFile /dev/null'\" a host:",
  "ssh -o StrictHostKeyChecking=accept-new host",
  "ssh-keyscan host >> ~/.ssh/known_hosts",
  "ssh-keyscan -H host | tee -a /root/.ssh/known_hosts",
  "ANSIBLE_HOST_KEY_CHECKING=False ansible-playbook x.yml",
  "ssh -o StrictHostKeyChecking=no -o StrictHostKeyChecking=yes host",
  "echo hello; ssh -oStrictHostKeyChecking=no host",
])("%j takes any key", (text) => {
  expect(local(text)).not.toEqual([]);
});

test.each([
  "ssh host uptime",
  "ssh -o StrictHostKeyChecking=yes host",
  "ssh -o StrictHostKeyChecking=ask host",
  "ssh -o KnownHostsCommand=/bin/keys -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes host",
  "ssh -o UserKnownHostsFile=/etc/ssh/known host",
  "ssh -o UserKnownHostsFile=/dev/nullified host",
  "# never use StrictHostKeyChecking=no\nssh host",
  "ssh-keyscan host | ssh-keygen -lf -",
  "echo nothing",
])("%j does not", (text) => {
  expect(local(text)).toEqual([]);
});

test("scripts on stdin and the environment are texts too", () => {
  const bad = "ssh -o StrictHostKeyChecking=no";
  for (const properties of [{ stdin: bad }, { environment: { GIT_SSH_COMMAND: bad } }, { interpreter: ["sh", bad] }]) {
    expect(findings(rule, on("command:local:Command", properties))).toHaveLength(1);
  }
});

test.each([
  [{ host: "ssh://h", sshOpts: ["-o", "StrictHostKeyChecking=no"] }, 1],
  [{ host: "ssh://h", sshOpts: '["-o","StrictHostKeyChecking=no"]' }, 1],
  [{ host: "ssh://h", sshOpts: ["-oUserKnownHostsFile=/dev/null", "-oStrictHostKeyChecking=no"] }, 2],
  [{ sshOpts: ["-o", "StrictHostKeyChecking=no"] }, 1],
  [{ host: "ssh://h", sshOpts: ["-o", "StrictHostKeyChecking=yes"] }, 0],
  [{ host: "unix:///run/docker.sock", sshOpts: ["-o", "StrictHostKeyChecking=no"] }, 0],
  [{ host: "ssh://h" }, 0],
])("a Docker provider with %j", (properties, count) => {
  expect(findings(rule, on("pulumi:providers:docker", properties))).toHaveLength(count);
});
