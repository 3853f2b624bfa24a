import { expect, test } from "vitest";

import { labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/host-path.ts";
import { onContainer } from "#tests/unit/policies/support.ts";

const bind = (source: string, more = {}) => ({ type: "bind", source, target: "/x", ...more });

test("one line for each container", () => {
  expect(onContainer(rule, { mounts: [bind("/a"), bind("/b")] })).toEqual(['mounts.0.source: "/a", and 1 more']);
  expect(onContainer(rule, { volumes: [{ hostPath: "/a", containerPath: "/a" }] })).toHaveLength(1);
});

test("what is read and what another rule finds are left out", () => {
  expect(onContainer(rule, { mounts: [bind("/a", { readOnly: true })] })).toEqual([]);
  expect(onContainer(rule, { mounts: [bind("/etc")] })).toEqual([]);
});

test("an estate is asked as any other program", () => {
  expect(onContainer(rule, { mounts: [bind("/a")], labels: labels({ "garrison.estate": "demo" }) })).toHaveLength(1);
});
