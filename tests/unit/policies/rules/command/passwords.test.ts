import { expect, test } from "vitest";

import { rule } from "#policies/rules/command/passwords.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const on = (connection: unknown, secrets: string[] = []) => [
  { type: "command:remote:CopyToRemote", name: "x", properties: { connection }, secrets },
];

test.each([
  [{ password: "p", user: "deploy" }, [], "connection.password: a password in plain text"],
  [{ password: "p" }, ["connection.password"], "connection.password: the password of root"],
  [{ password: "p", user: "root" }, ["connection"], "connection.password: the password of root"],
  [{ proxy: { password: "p", user: "u" } }, [], "connection.proxy.password: a password in plain text"],
])("%j, marked %j", (connection, secrets, found) => {
  expect(findings(rule, on(connection, secrets))).toEqual([found]);
});

test.each([
  [{ password: "p", user: "deploy" }, ["connection.password"]],
  [{ privateKey: "k", user: "root" }, ["connection.privateKey"]],
  [{ password: "" }, []],
  [{}, []],
])("%j, marked %j, passes", (connection, secrets) => {
  expect(findings(rule, on(connection, secrets))).toEqual([]);
});

test("the value is not shown, and an unknown user is not root", () => {
  expect(findings(rule, on({ password: "hunter2", user: "u" })).join()).not.toContain("hunter2");
  expect(run(rule, on({ password: "p", user: UNKNOWN }, ["connection.password"])).verdicts).toEqual([]);
  expect(run(rule, on({ password: UNKNOWN })).verdicts).toEqual([]);
});

test.each([
  ["sshpass -p p ssh h", 1],
  ["sshpass -pp ssh h", 1],
  ["plink -ssh u@h -pw p", 1],
  ["sshpass -f /run/secrets/p ssh h", 0],
  ["# sshpass -p p", 0],
])("%s", (create, count) => {
  const command = [{ type: "command:local:Command", name: "x", properties: { create } }];
  expect(findings(rule, command)).toHaveLength(count);
});
