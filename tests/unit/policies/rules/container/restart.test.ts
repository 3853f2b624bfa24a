import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/restart.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  [{ restart: "always" }, "restart: always"],
  [{ restart: " Always " }, "restart: always"],
  [{ restart: "on-failure" }, "maxRetryCount: not set"],
  [{ restart: "on-failure", maxRetryCount: 0 }, "maxRetryCount: 0"],
  [{ restart: "on-failure", maxRetryCount: 6 }, "maxRetryCount: 6"],
  [{ restart: "unless-stopped", healthcheck: { tests: ["NONE"] } }, "restart: unless-stopped, without a health check"],
])("%j", (given, expected) => {
  expect(onContainer(rule, given)).toEqual([expected]);
});

test.each([
  {},
  { restart: "no" },
  { restart: "" },
  { restart: "on-failure", maxRetryCount: 1 },
  { restart: "on-failure", maxRetryCount: "5" },
  { restart: "unless-stopped" },
])("%j ends", (given) => {
  expect(onContainer(rule, given)).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ restart: "unless-stopped", healthcheck: UNKNOWN })])).toEqual({
    verdicts: [],
    unknown: ["healthcheck"],
  });
});
