import { expect, test } from "vitest";

import { container, labels } from "#policies/lib/examples.ts";
import { rule } from "#policies/rules/container/docker-api.ts";
import { onContainer, run, UNKNOWN } from "#tests/unit/policies/support.ts";

test.each([
  "DOCKER_HOST=tcp://192.0.2.1:2375",
  "docker_host=x",
  "CONTAINER_HOST=unix:///x",
  "BUILDKIT_HOST=tcp://x:1234",
])("%s", (variable) => {
  expect(onContainer(rule, { envs: ["A=1", variable] })).toEqual([
    `envs.1: ${String(variable.split("=")[0])}, the address of a daemon`,
  ]);
});

test.each(["DOCKER_HOST=", "DOCKER_HOST_NAME=office", "MY_DOCKER_HOST=x", "NOTE=DOCKER_HOST=x"])(
  "%s tells of none",
  (variable) => {
    expect(onContainer(rule, { envs: [variable] })).toEqual([]);
  },
);

test.each([2375, "2376"])("port %j is a daemon's, inside or outside", (port) => {
  expect(onContainer(rule, { ports: [{ internal: port, external: 18080, ip: "127.0.0.1" }] })).toHaveLength(1);
  expect(onContainer(rule, { ports: [{ internal: 80, external: port, ip: "127.0.0.1" }] })).toHaveLength(1);
});

test("an estate's label waives it, but never for an agent, and no other program's does", () => {
  const foreign = { "garrison.waivers": "container.docker-api" };
  const waived = { ...foreign, "garrison.service": "example" };
  const envs = ["DOCKER_HOST=tcp://proxy:2375"];
  expect(onContainer(rule, { envs, labels: labels(foreign) })).toHaveLength(1);
  expect(onContainer(rule, { envs, labels: labels(waived) })).toEqual([]);
  const agent = { envs, labels: labels({ ...waived, "garrison.role": "agent" }) };
  expect(onContainer(rule, agent, { config: { waivableByLabel: true } })).toHaveLength(1);
});

test("nothing is concluded from what preview cannot know", () => {
  expect(run(rule, [container({ envs: [UNKNOWN] })])).toEqual({ verdicts: [], unknown: ["envs.0"] });
});
