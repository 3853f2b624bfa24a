import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/groups.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each(["docker", " DOCKER ", "0", "00", "+0", "-0", "6", "root", "incus-admin", "shadow", "42"])(
  "%j is refused",
  (group) => {
    expect(onContainer(rule, { groupAdds: ["20500", group] })).toEqual([expect.stringMatching(/^groupAdds\.1: /)]);
  },
);

test.each(["20001", "60", "app", "dockers", "", "1e1", "0x0"])("%j is a group like any other", (group) => {
  expect(onContainer(rule, { groupAdds: [group] })).toEqual([]);
});

test("a number is told with its name", () => {
  expect(onContainer(rule, { groupAdds: ["6"] })).toEqual(['groupAdds.0: "6", which is disk']);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ groupAdds: [UNKNOWN] })])).toEqual({ verdicts: [], unknown: ["groupAdds.0"] });
});
