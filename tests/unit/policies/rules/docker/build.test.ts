import { expect, test } from "vitest";

import { rule } from "#policies/rules/docker/build.ts";
import { findings, run, UNKNOWN } from "#tests/unit/policies/support.ts";

const image = (build: unknown) => [
  { type: "docker:index/remoteImage:RemoteImage", name: "x", properties: { name: "x:1", build } },
];
const buildx = (properties: Record<string, unknown>) => [{ type: "docker-build:index:Image", name: "x", properties }];

test("every flaw of one build is told, with the path of its property", () => {
  const build = { context: "https://git.example/a/b.git", networkMode: "host", extraHosts: ["github.com:192.0.2.9"] };
  expect(findings(rule, image(build)).map((one) => one.split(": ")[0])).toEqual([
    "build.networkMode",
    "build.context",
    "build.extraHosts.0",
  ]);
});

test("a login in an address is not repeated", () => {
  const context = "https://deploy:hunter2@git.example/a/b.git";
  expect(findings(rule, image({ context })).join()).not.toContain("hunter2");
  const inline = `FROM alpine\nADD ${context} /src`;
  expect(findings(rule, buildx({ dockerfile: { inline } })).join()).not.toContain("hunter2");
});

test("a line that goes on in the next one is one line", () => {
  const inline = "FROM alpine\nRUN --network=none \\\n  --security=insecure \\\n  true\n";
  expect(findings(rule, buildx({ dockerfile: { inline } }))).toEqual(["dockerfile.inline: RUN --security=insecure"]);
});

test("what is said of a run is not an option of it", () => {
  const inline = "FROM alpine\nRUN echo '--security=insecure --network=host'\n# RUN --network=host true\n";
  expect(findings(rule, buildx({ dockerfile: { inline } }))).toEqual([]);
});

test("nothing is built, or nothing is known of it", () => {
  expect(findings(rule, image(undefined))).toEqual([]);
  expect(run(rule, image(UNKNOWN)).verdicts).toEqual([]);
  expect(run(rule, image({ context: UNKNOWN, networkMode: UNKNOWN })).verdicts).toEqual([]);
});
