import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/logs.ts";
import { findings, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, declares } = scene("t");
const state = { volumes: [{ volumeName: "s", containerPath: "/state" }] };
const logsAt = (path: string) => declares({}, { agent: { logs: path } });

test.each(["none", "NONE", " none "])("finds the driver %j", (logDriver) => {
  expect(findings(rule, [agent({ logDriver })])).toHaveLength(1);
});

test.each(["json-file", "local", "journald", "syslog", undefined, UNKNOWN])("accepts the driver %j", (logDriver) => {
  expect(findings(rule, [agent({ logDriver })])).toEqual([]);
});

test.each([
  ["a volume", agent(state), "/state/log/run.log", "volumes.0.volumeName"],
  ["a way round", agent(state), "/x/../state/run.log", "volumes.0.volumeName"],
  ["memory", agent({ tmpfs: { "/tmp": "noexec,nosuid,nodev,size=1m" } }), "/tmp/run.log", "tmpfs./tmp"],
  ["a root to write to", agent({ readOnly: false }), "/var/log/run.log", "readOnly"],
])("finds a log in %s", (_, resource, path, property) => {
  expect(findings(rule, [resource, logsAt(path)])).toEqual([
    expect.stringMatching(new RegExp(`^${property.replaceAll(".", "\\.")}: a log at `)),
  ]);
});

test.each([
  ["its standard output", agent(state), "/dev/stdout"],
  [
    "a read-only mount",
    agent({ volumes: [{ volumeName: "s", containerPath: "/state", readOnly: true }] }),
    "/state/log",
  ],
  ["a read-only root", agent(), "/var/log/run.log"],
])("accepts a log in %s", (_, resource, path) => {
  expect(findings(rule, [resource, logsAt(path)])).toEqual([]);
});
