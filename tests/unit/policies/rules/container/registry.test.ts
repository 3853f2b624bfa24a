import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/registry.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const settings = { registries: ["ghcr.io/example/", "docker.io/library/redis", "localhost:5000"] };

test.each([
  "ghcr.io/example/app",
  "GHCR.io/example/app:1@sha256:abc",
  "redis",
  "redis:7",
  "library/redis@sha256:abc",
  "docker.io/redis",
  "index.docker.io/library/redis",
  "localhost:5000/app:1",
])("%s may come", (image) => {
  expect(onContainer(rule, { image }, { settings })).toEqual([]);
});

test.each([
  "ghcr.io/example2/app",
  "ghcr.io/exampleapp",
  "ghcr.io/other/example/app",
  "rediss",
  "user/redis",
  "localhost:5001/app",
  "localhost/app",
  "quay.io/redis",
  "docker.io/ghcr.io/example/app",
])("%s may not", (image) => {
  expect(onContainer(rule, { image }, { settings })).toEqual([`image: ${JSON.stringify(image)}`]);
});

test("an image that is only pulled counts as well", () => {
  const pulled = { type: "docker:index/remoteImage:RemoteImage", name: "pulled", properties: { name: "quay.io/x" } };
  expect(findings(rule, [pulled], { settings })).toEqual(['name: "quay.io/x"']);
  expect(findings(rule, [pulled])).toEqual([]);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ image: UNKNOWN })], { settings })).toEqual({ verdicts: [], unknown: ["image"] });
});
