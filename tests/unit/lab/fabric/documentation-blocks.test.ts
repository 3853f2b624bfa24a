import { expect, test } from "vitest";
import { documentationBlocks } from "#lab/fabric/documentation-blocks.ts";

test.each([
  [[], ["203.0.113.0/24", "198.51.100.0/24"]],
  [
    ["192.0.2.2/24", "10.0.0.0/8"],
    ["203.0.113.0/24", "198.51.100.0/24"],
  ],
  [["198.51.100.0/24"], ["203.0.113.0/24", "192.0.2.0/24"]],
  [["203.0.113.16/29"], ["198.51.100.0/24", "192.0.2.0/24"]],
  [
    ["198.51.0.0/16", "192.0.2.2/24"],
    ["203.0.113.0/24", "198.51.100.0/24"],
  ],
])("a host in %j leaves the lab %j", (taken, expected) => {
  expect(documentationBlocks(taken)).toEqual(expected);
});
