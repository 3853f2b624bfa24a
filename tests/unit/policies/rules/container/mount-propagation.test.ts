import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/mount-propagation.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const bind = (propagation: unknown) => ({
  mounts: [{ type: "bind", source: "/srv/a", target: "/a", bindOptions: { propagation } }],
});

test.each(["shared", "rshared", "slave", "rslave", " RShared "])("%j spreads", (mode) => {
  expect(onContainer(rule, bind(mode))).toEqual([`mounts.0.bindOptions.propagation: ${JSON.stringify(mode)}`]);
});

test.each([undefined, "", "private", "rprivate", "shareds"])("%j does not", (mode) => {
  expect(onContainer(rule, bind(mode))).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container(bind(UNKNOWN))])).toEqual({
    verdicts: [],
    unknown: ["mounts.0.bindOptions.propagation"],
  });
});
