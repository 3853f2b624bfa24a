import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/ulimits.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const limit = (name: unknown, soft: unknown, hard: unknown) => onContainer(rule, { ulimits: [{ name, soft, hard }] });

test.each([
  ["nofile", -1, -1, 2],
  ["NOFILE", 1024, -1, 1],
  ["nofile", 1_048_577, 1_048_577, 2],
  ["core", 1, 1, 2],
  ["core", 0, -1, 1],
  ["memlock", -1, -1, 2],
  ["nproc", 1e9, 1e9, 2],
])("%s %d to %d", (name, soft, hard, flaws) => {
  expect(limit(name, soft, hard)).toHaveLength(flaws);
});

test.each([
  ["nofile", 1024, 1_048_576],
  ["nofile", "1024", "4096"],
  ["core", 0, 0],
  ["stack", 8192, 65_536],
  [undefined, undefined, undefined],
])("%s %s to %s passes", (name, soft, hard) => {
  expect(limit(name, soft, hard)).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ ulimits: [{ name: "core", soft: UNKNOWN, hard: 0 }] })])).toEqual({
    verdicts: [],
    unknown: ["ulimits.0.soft"],
  });
});
