import { expect, test } from "vitest";

import { container } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/digest.ts";
import { findings, onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const digest = `sha256:${"ab".repeat(32)}`;

test.each([digest, `nginx@${digest}`, `docker.io/library/nginx:1.29@${digest}`, `127.0.0.1:5000/x@${digest}`])(
  "%s is pinned",
  (image) => {
    expect(onContainer(rule, { image })).toEqual([]);
  },
);

test.each([
  "nginx",
  "nginx:1.29",
  "nginx@sha256:abc",
  `nginx@${digest.toUpperCase()}`,
  `nginx@${digest}0`,
  `nginx@${digest}:latest`,
  `nginx@${digest}\n`,
  `@${digest}`,
  `${digest}\n`,
  "",
])("%j is not", (image) => {
  expect(onContainer(rule, { image })).toEqual([`image: ${JSON.stringify(image)}`]);
});

test("no image, and an unknown one", () => {
  expect(onContainer(rule, { image: undefined })).toEqual(["image: not set"]);
  expect(run(rule, [container({ image: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["image"] });
});

test("an image that is pulled is pinned as well, and one that is built cannot be", () => {
  const image = (properties: object) => [
    { type: "docker:index/remoteImage:RemoteImage", name: "image", properties: { ...properties } },
  ];
  expect(findings(rule, image({ name: "nginx:1.29" }))).toEqual(['name: "nginx:1.29"']);
  expect(findings(rule, image({ name: `nginx@${digest}` }))).toEqual([]);
  expect(findings(rule, image({ name: "nginx:1.29", build: { context: "." } }))).toEqual([]);
  expect(run(rule, image({ name: "nginx", build: UNKNOWN })).verdicts).toEqual([]);
});
