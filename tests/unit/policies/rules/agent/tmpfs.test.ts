import { expect, test } from "vitest";

import { scene } from "#policies/lib/agent-examples.ts";
import { rule } from "#policies/rules/agent/tmpfs.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const { agent, declares, program } = scene("t");
const tmpfs = (options: unknown) => ({ tmpfs: { "/tmp": options } });
const found = (options: unknown) => findings(rule, [agent(tmpfs(options))]);

test.each([
  "rw,noexec,nosuid,nodev,size=64m",
  "size=1048576, NODEV, nosuid, noexec",
  "exec,noexec,nosuid,nodev,size=10%",
  "ro",
  "rw,ro",
])("accepts %s", (options) => {
  expect(found(options)).toEqual([]);
});

test.each([
  ["", "noexec, nosuid, nodev, size"],
  ["noexec,nosuid,nodev", "size"],
  ["noexec,nosuid,nodev,size=0", "size"],
  ["nosuid,nodev,size=1m", "noexec"],
  ["noexec,nodev,size=1m", "nosuid"],
  ["noexec,nosuid,size=1m", "nodev"],
  ["noexec,nosuid,nodev,size=1m,exec", "noexec"],
  ["ro,rw,noexec,nosuid,nodev", "size"],
])("finds in %j that it lacks %s", (options, missing) => {
  expect(found(options)).toEqual([`tmpfs./tmp: a tmpfs without ${missing}`]);
});

test("asks a mount for a size", () => {
  const mount = (more: Readonly<Record<string, unknown>>) =>
    agent({ mounts: [{ type: "tmpfs", target: "/t", ...more }] });
  expect(findings(rule, [mount({})])).toHaveLength(1);
  expect(findings(rule, [mount({ tmpfsOptions: { sizeBytes: 0 } })])).toHaveLength(1);
  expect(findings(rule, [mount({ tmpfsOptions: { sizeBytes: "65536" } })])).toEqual([]);
  expect(findings(rule, [mount({ readOnly: true })])).toEqual([]);
});

test("judges agents, also declared ones, and nobody else", () => {
  expect(findings(rule, [program("other", [], tmpfs(""))])).toEqual([]);
  const bare = agent({ ...tmpfs(""), labels: [] });
  expect(findings(rule, [bare, declares({}, { agent: { role: "agent" } })])).toHaveLength(1);
});

test("concludes nothing from what preview cannot know", () => {
  expect(run(rule, [agent(tmpfs(UNKNOWN))]).verdicts).toEqual([]);
});
