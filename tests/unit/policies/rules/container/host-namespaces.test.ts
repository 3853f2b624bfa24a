import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/host-namespaces.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const MODES = ["networkMode", "pidMode", "ipcMode", "usernsMode", "cgroupnsMode"];

test.each(MODES.flatMap((mode) => ["host", "container:other", "HOST", " host "].map((value) => ({ mode, value }))))(
  "$mode $value is shared",
  ({ mode, value }) => {
    expect(onContainer(rule, { [mode]: value })).toEqual([`${mode}: ${JSON.stringify(value)}`]);
  },
);

test.each(MODES.flatMap((mode) => ["", "private", "none", "host-like", "my-host"].map((value) => ({ mode, value }))))(
  "$mode $value is not",
  ({ mode, value }) => {
    expect(onContainer(rule, { [mode]: value })).toEqual([]);
  },
);

test("all shared namespaces are named at once, with the host's network among several", () => {
  const changes = { pidMode: "host", ipcMode: "host", networksAdvanced: [{ name: "a" }, { name: "host" }] };
  expect(onContainer(rule, changes)).toEqual(['pidMode: "host"', 'ipcMode: "host"', 'networksAdvanced.1.name: "host"']);
});

test("one unknown mode does not hide another", () => {
  const { verdicts, unknown } = run(rule, [container({ networkMode: UNKNOWN, pidMode: "host" })]);
  expect(verdicts.map(({ finding }) => finding.property)).toEqual(["pidMode"]);
  expect(unknown).toEqual(["networkMode"]);
});
