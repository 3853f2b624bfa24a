import { describe, expect, test } from "vitest";

import { rule } from "#policies/rules/gateway/host-exec.ts";
import { onConfiguration, onUpload } from "./configured.ts";

const exec = (own: unknown, hostExec?: readonly string[]) =>
  onConfiguration(rule, { tools: { exec: own } }, hostExec && { hostExec });

test.each([
  [{ host: "sandbox", security: "full" }, undefined],
  [{ host: "auto" }, undefined],
  [undefined, undefined],
  [{ host: "gateway", security: "deny" }, undefined],
  [{ host: "gateway", security: "allowlist" }, ["/usr/bin/uptime", "/opt/tool/report-2"]],
  [{ host: "sandbox", safeBins: ["jq", "/usr/bin/grep"] }, undefined],
])("accepts %j with the list %j", (own, hostExec) => {
  expect(exec(own, hostExec)).toEqual([]);
});

test.each([
  [{ host: "gateway", security: "full" }, ["/usr/bin/uptime"], 'security: "full"'],
  [{ host: "node", mode: "full" }, ["/usr/bin/uptime"], 'mode: "full"'],
  [{ host: "gateway" }, undefined, 'host: "gateway"'],
  [{ host: "NODE" }, [], 'host: "NODE"'],
  [{ safeBins: ["jq", "python3.12"] }, undefined, 'safeBins.1: "python3.12"'],
])("finds %j with the list %j", (own, hostExec, expected) => {
  expect(exec(own, hostExec)).toEqual([`configuration.tools.exec.${expected}`]);
});

test("automatic is the host where not everything is in a sandbox", () => {
  expect(onUpload(rule, "{ tools: { exec: { host: 'auto' } } }")).toHaveLength(1);
  expect(onUpload(rule, "{}")).toHaveLength(1);
});

test("a single agent may not go to the host either", () => {
  const agents = {
    defaults: { sandbox: { mode: "all" } },
    list: [{ tools: { exec: { host: "gateway" } } }, { id: "b" }],
  };
  expect(onConfiguration(rule, { agents })).toEqual(['configuration.agents.list.0.tools.exec.host: "gateway"']);
});

describe("the list", () => {
  test.each([
    ["uptime", "without a full path"],
    ["./uptime", "without a full path"],
    ["~/bin/tool", "without a full path"],
    ["*", "without a full path"],
    ["/usr/bin/*", "a pattern"],
    ["/usr/bin/../../bin/sh", "a pattern"],
    ["/bin/sh", "which runs what it is told"],
    ["/usr/bin/python3.11", "which runs what it is told"],
    ["/usr/bin/node22", "which runs what it is told"],
    ["/usr/bin/env", "which runs what it is told"],
    ["/usr/bin/sudo", "which runs what it is told"],
    ["/usr/bin/docker", "which runs what it is told"],
    ["/bin/BASH -c x", "which runs what it is told"],
  ])("refuses %s", (path, why) => {
    expect(exec({ host: "sandbox" }, [path])).toEqual([`garrisonDeclarations.hostExec: "${path}", ${why}`]);
  });

  test.each(["/usr/bin/uptime", "/usr/bin/nodetool", "/usr/bin/shasum", "/usr/sbin/zpool"])("accepts %s", (path) => {
    expect(exec({ host: "gateway" }, [path])).toEqual([]);
  });
});
