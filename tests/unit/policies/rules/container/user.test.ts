import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/user.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each(["20001", "20001:20001", "1:1"])("%s is a user of the container's own", (user) => {
  expect(onContainer(rule, { user })).toEqual([]);
});

test("a number instead of text is read as well", () => {
  expect(onContainer(rule, { user: 20001 })).toEqual([]);
  expect(onContainer(rule, { user: 0 })).toEqual(['user: "0"']);
});

test.each([
  "",
  " ",
  "root",
  "0",
  "0:0",
  "00",
  "+0",
  "-0",
  "0x1",
  "1e3",
  "node",
  "1000:node",
  "1000:0",
  "root:1000",
  ":1",
  "1:",
  "1:1:1",
])("%j is refused", (user) => {
  expect(onContainer(rule, { user })).toEqual([`user: ${JSON.stringify(user)}`]);
});

test("no user is refused", () => {
  expect(onContainer(rule, { user: undefined })).toEqual(["user: not set"]);
});

test("nothing is concluded from an unknown user", () => {
  expect(run(rule, [container({ user: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["user"] });
});

test("an estate's uids begin at 20001, and another program's anywhere", () => {
  for (const name of ["garrison.estate", "garrison.stack", "garrison.service"]) {
    const ours = labels({ [name]: "demo" });
    expect(onContainer(rule, { user: "20000:20000", labels: ours })).toEqual(['user: "20000:20000"']);
    expect(onContainer(rule, { user: "20001:20001", labels: ours })).toEqual([]);
  }
  expect(onContainer(rule, { user: "1000" })).toEqual([]);
});
