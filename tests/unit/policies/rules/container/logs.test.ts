import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/logs.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  [{ logDriver: "none" }, 'logDriver: "none"'],
  [{ logDriver: " NONE " }, 'logDriver: " NONE "'],
  [{ logDriver: "json-file" }, "logOpts.max-size: not set"],
  [{ logDriver: "json-file", logOpts: { "max-file": "3" } }, "logOpts.max-size: not set"],
  [{ logDriver: "json-file", logOpts: { "max-size": "0" } }, 'logOpts.max-size: "0"'],
])("%j", (given, expected) => {
  expect(onContainer(rule, given)).toEqual([expected]);
});

test.each([
  {},
  { logDriver: "journald" },
  { logDriver: "local" },
  { logDriver: "json-file", logOpts: { "max-size": "10m" } },
  { logDriver: "json-file", logOpts: { "max-size": "1048576" } },
])("%j has an end", (given) => {
  expect(onContainer(rule, given)).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ logDriver: "json-file", logOpts: UNKNOWN })])).toEqual({
    verdicts: [],
    unknown: ["logOpts"],
  });
});
