import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/tmpfs.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const SAFE = "rw,noexec,nosuid,nodev,size=64m";
const tmpfs = (options: unknown) => onContainer(rule, { tmpfs: { "/tmp": options } });

test.each([
  ["", "noexec, nosuid, nodev, size"],
  ["rw,nosuid,nodev,size=64m", "noexec"],
  ["rw,noexec,nodev,size=64m", "nosuid"],
  ["rw,noexec,nosuid,size=64m", "nodev"],
  ["rw,noexec,nosuid,nodev", "size"],
  ["rw,noexec,nosuid,nodev,size=0", "size"],
  [`${SAFE},exec`, "noexec"],
  [`ro,${SAFE},suid`, "nosuid"],
])("%j lacks %s", (options, missing) => {
  expect(tmpfs(options)).toEqual([`tmpfs./tmp: ${JSON.stringify(options)}, without ${missing}`]);
});

test.each([SAFE, SAFE.toUpperCase(), "size=10%,nodev,nosuid,noexec", "exec,noexec,nosuid,nodev,size=1", "ro"])(
  "%j has all",
  (options) => {
    expect(tmpfs(options)).toEqual([]);
  },
);

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ tmpfs: { "/tmp": UNKNOWN } })])).toEqual({ verdicts: [], unknown: ["tmpfs./tmp"] });
});
