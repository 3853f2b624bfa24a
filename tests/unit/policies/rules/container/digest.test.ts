import { expect, test } from "vitest";

import { container } from "../../../../../policies/lib/examples.ts";
import { rule } from "../../../../../policies/rules/container/digest.ts";
import { onContainer, run, UNKNOWN } from "../../support.ts";

const digest = `sha256:${"ab".repeat(32)}`;

test.each([`nginx@${digest}`, `docker.io/library/nginx:1.29@${digest}`, `127.0.0.1:5000/x@${digest}`])(
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
  digest,
  "",
])("%j is not", (image) => {
  expect(onContainer(rule, { image })).toEqual([`image: ${JSON.stringify(image)}`]);
});

test("no image, and an unknown one", () => {
  expect(onContainer(rule, { image: undefined })).toEqual(["image: not set"]);
  expect(run(rule, [container({ image: UNKNOWN })])).toEqual({ verdicts: [], unknown: ["image"] });
});
